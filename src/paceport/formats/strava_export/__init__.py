"""The athlete's bulk export: a ZIP or folder → rows and track files, in any language, within its bounds."""
