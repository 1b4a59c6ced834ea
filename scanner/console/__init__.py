"""What the command shows of a run: progress, messages, figures, and what is installed."""
