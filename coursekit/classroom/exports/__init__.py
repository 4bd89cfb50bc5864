"""Results in the forms that other systems read; nothing of theirs is overwritten."""
