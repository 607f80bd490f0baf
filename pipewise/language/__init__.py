"""Reading and writing human language by rule: intent, times, choices, contact data, phrases."""
