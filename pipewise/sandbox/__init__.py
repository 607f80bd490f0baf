"""The vendor sandbox: Calendly, WhatsApp and an OpenAI-compatible model on one loopback port, for demos and tests.

Written from the vendors' own references and never from PipeWise's client models, so that it can prove them wrong.
"""
