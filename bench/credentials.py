"""Secrets of accounts that exist only on loopback; the harness signs with them, both servers verify with them."""

CALENDLY = {"access_token": "bench-calendly-token"}
WHATSAPP = {
    "access_token": "bench-whatsapp-token",
    "phone_number_id": "100200300400500",
    "app_secret": "bench-app-secret-0001",
    "verify_token": "bench-verify-token",
}
API_TOKEN = "pw_" + "bench" * 6
SECRET_KEY = "bench-master-key-" + "k" * 32
