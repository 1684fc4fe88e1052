"""What an athlete gets on asking for all of their data: a ZIP of tables and files, in their language."""
