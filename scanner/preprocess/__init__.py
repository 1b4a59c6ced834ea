"""Pictures of pages to pages as they would lie flat and upright on a scanner's glass."""
