"""Steps: one async function each, from state to a partial state."""
