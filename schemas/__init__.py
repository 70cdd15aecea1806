"""What every table of the ledger means: one pandera schema a table, every column described once."""
