"""Mutants of the channels beside WhatsApp: windows of their own, one answer to a comment, echoes, tokens that work once."""

from tests.mutants.mutant import Mutant

LIMITS = "tests/integration/core/test_reply_limits.py"
RENEWAL = "tests/integration/core/test_token_renewal.py"
INSTAGRAM = "tests/integration/test_instagram_channel.py"
CONSENT = "tests/integration/test_oauth.py"
OUTBOX = "pipewise/outbox.py"

MUTANTS = (
    Mutant(
        "person-window-for-all",
        "Only a person's own words may use the longer window.",
        OUTBOX,
        'by_hand = row.author == "human" and row.payload.get("human_agent") is True',
        "by_hand = True",
        (f"{LIMITS}::test_only_a_person_s_own_words_may_use_the_longer_window[sqlite]",),
    ),
    Mutant(
        "comment-answered-twice",
        "A comment or post is answered once.",
        "pipewise/reply_limits.py",
        "        return ALREADY_ANSWERED\n",
        "        return None\n",
        (f"{LIMITS}::test_a_comment_is_answered_once_and_within_seven_days[sqlite]",),
    ),
    Mutant(
        "own-echo-a-takeover",
        "The echo of our own message is no takeover.",
        "pipewise/echoes.py",
        "    if vendor_id and await _is_known(connection, event, vendor_id):\n        return True\n",
        "",
        (f"{INSTAGRAM}::test_a_lead_is_answered_where_they_wrote_and_the_echo_is_our_own",),
    ),
    Mutant(
        "renewal-unclaimed",
        "A token is renewed by one process at a time.",
        "pipewise/oauth/renewal_rows.py",
        "        if not await oauth.claim_token(connection, account_id, known.id, holder, now, now - STALE_AFTER):\n",
        "        if not await oauth.claim_token(connection, account_id, known.id, holder, now, now + STALE_AFTER):\n",
        (f"{RENEWAL}::test_fifty_workers_with_an_expired_token_renew_it_once[sqlite]",),
    ),
    Mutant(
        "dead-token-asked-again",
        "A refresh token that the vendor refused is not tried again.",
        "pipewise/oauth/renewal_rows.py",
        "    if row.dead:\n",
        "    if not row:\n",
        (f"{RENEWAL}::test_a_renewal_whose_answer_was_lost_ends_with_a_person_and_not_in_a_loop[sqlite]",),
    ),
    Mutant(
        "state-of-anybody",
        "A request to connect is finished by who began it.",
        "pipewise/oauth/consent.py",
        "            if pending and mine and",
        "            if pending and",
        (f"{CONSENT}::test_another_user_cannot_finish_it_and_uses_nothing_up",),
    ),
)
