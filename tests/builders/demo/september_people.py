"""Organizations, people, sign-in and billing of 3.41.0, the last release with its kinds."""

from __future__ import annotations

from tests.builders.demo.core import (
    SECRET,
    SEPTEMBER,
    Part,
    Record,
    ref,
    resource,
    sha256,
    who,
)

LOCKSIDE = who(
    "organization", "Lockside Barges", "2026-10-01 07:30:00", "", given_id="lockside-barges"
)
SIGN_IN = who("identity_provider", "Lockside sign-in", "2026-10-01 07:35:00")
SKIPPER = who("identity_account", "skipper", "2026-10-01 07:40:00")
CREW = who("team", "Crew", "2026-10-01 07:45:00")
CREW_KEY = who("api_key", "crew key", "2026-10-01 07:50:00")
CREW_POLICY = who("iam_policy", "crew runs agents", "2026-10-01 07:55:00")
CLIENT = who("platform_client", "Timetable site", "2026-10-01 08:00:00")
CREW_INVITE = who("invitation", "Crew, autumn", "2026-10-01 08:05:00")
MAP_APP = who("oauth_app", "Chart service", "2026-10-01 08:10:00")
PLAN = who("plan", "Fleet", "2026-10-01 08:15:00", "")
SUBSCRIPTION = who("subscription", "lockside on Fleet", "2026-10-01 08:20:00")
LICENSE = who("license", "lockside on board", "2026-10-01 08:25:00")


def access() -> list[Record]:
    """Who may do what, and how they come in."""
    return [
        resource(
            SEPTEMBER,
            LOCKSIDE,
            {
                "description": "Barges between the locks.",
                "identityProviderRef": ref(SIGN_IN),
                "externalOrgId": "crm-30118",
                "preferences": {"standingContext": "Depths are in decimetres."},
            },
        ),
        resource(
            SEPTEMBER,
            SIGN_IN,
            {
                "displayName": SIGN_IN.name,
                "jwksUri": "https://id.lockside.example/keys",
                "allowedIssuers": ["https://id.lockside.example/"],
                "isSsoProvider": True,
                "autoGrantRole": "viewer",
            },
        ),
        resource(
            SEPTEMBER,
            SKIPPER,
            {
                "email": "skipper@lockside.example",
                "firstName": "Skipper",
                "provisioningMode": "federated",
                "identityProviderRef": ref(SIGN_IN),
            },
        ),
        resource(SEPTEMBER, CREW, {"description": "All on board."}),
        resource(
            SEPTEMBER,
            CREW_KEY,
            {"keyHash": f"{SECRET}-{sha256(CREW_KEY.name)}", "fingerprint": "aa:10:4e:77"},
        ),
        resource(
            SEPTEMBER,
            CREW_POLICY,
            {
                "principal": {"kind": "team", "id": CREW.id, "relation": "member"},
                "resource": {"kind": "organization", "id": LOCKSIDE.id},
                "relation": "viewer",
            },
        ),
        resource(
            SEPTEMBER,
            CLIENT,
            {
                "clientId": "timetable",
                "clientSecretHash": f"{SECRET}-{sha256(CLIENT.name)}",
                "secretFingerprint": "41:0c:9b:d2",
                "neverExpires": True,
                "allowedOrigins": ["https://times.lockside.example"],
            },
        ),
        resource(
            SEPTEMBER,
            CREW_INVITE,
            {"role": "member", "maxRedemptions": 5, "label": CREW_INVITE.name},
            {"token": f"{SECRET}-invitation-crew", "state": "active"},
        ),
        resource(
            SEPTEMBER,
            MAP_APP,
            {
                "provider": "charts",
                "clientId": "lockside",
                "clientSecret": f"{SECRET}-charts-client",
                "scopes": ["charts:read"],
            },
        ),
    ]


def billing() -> list[Record]:
    """What 3.41.0 counted in organizations by their whole name."""
    limits = {"maxOrganizations": 2, "maxUsers": 15, "includedManagedOrganizations": 1}
    entitlements = {"limits": limits, "features": ["channels", "sharing", "managed_organizations"]}
    customer = {"id": "crm-30118", "displayName": LOCKSIDE.name, "organization": LOCKSIDE.slug}
    return [
        resource(
            SEPTEMBER,
            PLAN,
            {
                "instrument": "subscription",
                "entitlements": entitlements,
                "terms": {"monthlyMinimumMicros": "19000000", "usageShareBasisPoints": 250},
            },
            {"lifecycle": "active"},
        ),
        resource(SEPTEMBER, SUBSCRIPTION, {"planId": PLAN.id}, {"state": "active"}),
        resource(
            SEPTEMBER,
            LICENSE,
            {
                "customer": customer,
                "planId": PLAN.id,
                "entitlements": entitlements,
                "term": "paid",
                "notes": "Renewed by post.",
            },
            {"keyId": "key-2026-a", "ticket": "T-2177"},
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*access(), *billing()])
