"""Versions of a resource and what names one."""
