"""What everything in the window looks like: colours, fonts, icons, words, times."""
