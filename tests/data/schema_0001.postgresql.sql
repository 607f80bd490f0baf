SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public.accounts (
    id character varying(36) NOT NULL,
    paused boolean NOT NULL,
    settings jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_tokens (
    id character varying(36) NOT NULL,
    user_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    hint character varying(16) NOT NULL,
    digest character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone
);
CREATE TABLE public.approvals (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    run_id character varying(36),
    text text NOT NULL,
    payload jsonb NOT NULL,
    status character varying(16) NOT NULL,
    ownership_version integer NOT NULL,
    decided_by character varying(320),
    decided_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.events (
    seq bigint NOT NULL,
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    integration_id character varying(36),
    lead_id character varying(36),
    platform character varying(32) NOT NULL,
    kind character varying(16) NOT NULL,
    dedupe_key character varying(512) NOT NULL,
    ref character varying(512),
    status character varying(16) NOT NULL,
    reason text,
    needs_turn boolean NOT NULL,
    content jsonb NOT NULL,
    sealed bytea,
    sender jsonb,
    attempts integer NOT NULL,
    not_before timestamp with time zone,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    processed_at timestamp with time zone,
    run_id character varying(36)
);
CREATE SEQUENCE public.events_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.events_seq_seq OWNED BY public.events.seq;
CREATE TABLE public.idempotency_keys (
    account_id character varying(36) NOT NULL,
    key character varying(255) NOT NULL,
    request_digest character varying(64) NOT NULL,
    status_code integer,
    answer jsonb,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.identities (
    account_id character varying(36) NOT NULL,
    platform character varying(32) NOT NULL,
    external_id character varying(320) NOT NULL,
    lead_id character varying(36) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.integration_stats (
    integration_id character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    account_id character varying(36) NOT NULL,
    value bigint NOT NULL
);
CREATE TABLE public.integrations (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    platform character varying(32) NOT NULL,
    name character varying(200) NOT NULL,
    status character varying(32) NOT NULL,
    settings jsonb NOT NULL,
    credentials bytea,
    previous_credentials bytea,
    previous_until timestamp with time zone,
    hints jsonb NOT NULL,
    account_ref character varying(255),
    vendor_state jsonb NOT NULL,
    last_event_at timestamp with time zone,
    last_success_at timestamp with time zone,
    last_error jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone
);
CREATE TABLE public.key_checks (
    key_id character varying(32) NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.lanes (
    lead_id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    holder character varying(64),
    fence bigint NOT NULL,
    leased_until bigint,
    due_at timestamp with time zone
);
CREATE TABLE public.lead_changes (
    seq bigint NOT NULL,
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    kind character varying(32) NOT NULL,
    before text,
    after text,
    actor character varying(320) NOT NULL,
    reason text NOT NULL,
    event_id character varying(36),
    run_id character varying(36),
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.lead_changes_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.lead_changes_seq_seq OWNED BY public.lead_changes.seq;
CREATE TABLE public.leads (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    name character varying(200),
    email character varying(320),
    phone character varying(32),
    company character varying(200),
    status character varying(32) NOT NULL,
    status_before_opt_out character varying(32),
    owner character varying(320),
    score integer,
    qualified boolean,
    timezone character varying(64),
    timezone_certain boolean NOT NULL,
    language character varying(16),
    tags jsonb NOT NULL,
    facts jsonb NOT NULL,
    agent character varying(16) NOT NULL,
    opted_out boolean NOT NULL,
    ownership_version integer NOT NULL,
    checkpoint_id character varying(64),
    consent boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    last_inbound_at timestamp with time zone,
    last_outbound_at timestamp with time zone
);
CREATE TABLE public.meetings (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    integration_id character varying(36),
    intent_key character varying(64),
    status character varying(16) NOT NULL,
    source character varying(16) NOT NULL,
    event_type text NOT NULL,
    title text NOT NULL,
    event_uri text,
    invitee_uri character varying(512),
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone,
    timezone character varying(64) NOT NULL,
    invitee jsonb NOT NULL,
    join_url text,
    links bytea,
    history jsonb NOT NULL,
    version integer NOT NULL,
    run_id character varying(36),
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.messages (
    seq bigint NOT NULL,
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    direction character varying(3) NOT NULL,
    platform character varying(32) NOT NULL,
    author character varying(16) NOT NULL,
    text text NOT NULL,
    status character varying(16) NOT NULL,
    external_id character varying(512),
    event_id character varying(36),
    run_id character varying(36),
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.messages_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.messages_seq_seq OWNED BY public.messages.seq;
CREATE TABLE public.outbox (
    seq bigint NOT NULL,
    message_id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    integration_id character varying(36) NOT NULL,
    platform character varying(32) NOT NULL,
    recipient character varying(320) NOT NULL,
    payload jsonb NOT NULL,
    state character varying(16) NOT NULL,
    proactive boolean NOT NULL,
    author character varying(16) NOT NULL,
    attempts integer NOT NULL,
    error jsonb,
    not_before timestamp with time zone,
    expires_at timestamp with time zone,
    claimed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_seq_seq OWNED BY public.outbox.seq;
CREATE TABLE public.runs (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36) NOT NULL,
    trigger character varying(16) NOT NULL,
    outcome character varying(16) NOT NULL,
    record jsonb NOT NULL,
    checkpoint_id character varying(64),
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL
);
CREATE TABLE public.tasks (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    lead_id character varying(36),
    kind character varying(32) NOT NULL,
    title text NOT NULL,
    detail text NOT NULL,
    owner character varying(320),
    status character varying(16) NOT NULL,
    due_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.usage (
    seq bigint NOT NULL,
    account_id character varying(36) NOT NULL,
    platform character varying(32) NOT NULL,
    action character varying(64) NOT NULL,
    success boolean NOT NULL,
    response_time_ms integer NOT NULL,
    cost_microusd bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.usage_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.usage_seq_seq OWNED BY public.usage.seq;
CREATE TABLE public.users (
    id character varying(36) NOT NULL,
    account_id character varying(36) NOT NULL,
    email character varying(320) NOT NULL,
    role character varying(16) NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.events ALTER COLUMN seq SET DEFAULT nextval('public.events_seq_seq'::regclass);
ALTER TABLE ONLY public.lead_changes ALTER COLUMN seq SET DEFAULT nextval('public.lead_changes_seq_seq'::regclass);
ALTER TABLE ONLY public.messages ALTER COLUMN seq SET DEFAULT nextval('public.messages_seq_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN seq SET DEFAULT nextval('public.outbox_seq_seq'::regclass);
ALTER TABLE ONLY public.usage ALTER COLUMN seq SET DEFAULT nextval('public.usage_seq_seq'::regclass);
INSERT INTO public.accounts VALUES
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', false, '{}', '2026-11-25 14:24:29.973411+00');
INSERT INTO public.alembic_version VALUES
	('0001');
INSERT INTO public.api_tokens VALUES
	('a9246720-44ba-4d29-a280-1653b3af50a9', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'first token', 'tttt', 'c53ef1c343014c468a1a3026475d89fe41a42c97dac0a715912b87bd51371bb5', '2026-11-25 14:24:29.973411+00', '2026-11-25 14:24:30.023724+00', NULL);
INSERT INTO public.approvals VALUES
	('876cc0c5-7eab-54a6-99a5-1f9110ebfe7b', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', '126a272c-a3d4-4186-ad0a-6911a07f3e86', 'Thank you for your interest. What would you like to solve or improve?
You are talking to an automated assistant of our team; a colleague can take over at any time.', '{"message": {"link": null, "text": "Thank you for your interest. What would you like to solve or improve?\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "choices": [], "reply_to": null, "template": null, "choices_label": ""}, "integration_id": "80134e05-3a24-4f64-bb23-5890118f8723"}', 'pending', 0, NULL, NULL, '2026-11-25 14:24:31.534045+00');
INSERT INTO public.events VALUES
	(1, '687cc4f3-9446-40fb-852f-96e065494e7c', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'whatsapp', 'message', 'message:wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5', NULL, 'processed', NULL, true, '{"text": "Schedule a demo", "type": "text", "vendor_id": "wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5"}', NULL, '{"name": "Ana Silva", "email": null, "phone": "+351911222333", "company": null, "identities": [{"platform": "whatsapp", "external_id": "351911222333"}, {"platform": "whatsapp", "external_id": "PT.12321437542490840478"}, {"platform": "phone", "external_id": "+351911222333"}]}', 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.113915+00', '2026-11-25 14:24:30.287587+00', '8488f180-518e-43b8-b418-12a14bea1e90'),
	(2, '36897ce8-baa7-4132-bb6c-73b1b0b586e0', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'whatsapp', 'message', 'message:wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3', NULL, 'processed', NULL, true, '{"text": "the second one, ana@silva.example", "type": "text", "vendor_id": "wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3"}', NULL, '{"name": "Ana Silva", "email": null, "phone": "+351911222333", "company": null, "identities": [{"platform": "whatsapp", "external_id": "351911222333"}, {"platform": "whatsapp", "external_id": "PT.12321437542490840478"}, {"platform": "phone", "external_id": "+351911222333"}]}', 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.33002+00', '2026-11-25 14:24:30.426765+00', 'ec58036b-3ebb-4a19-96e3-32610fae59c2'),
	(3, '59891811-5d7c-4a12-952f-fd98d46138f4', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:sent', 'wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3', 'processed', NULL, false, '{"status": "sent", "billable": false, "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.368607+00', '2026-11-25 14:24:30.368607+00', NULL),
	(4, 'c7ea4a7f-df46-4c15-b1fc-e27497085d59', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:sent', 'wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB', 'processed', NULL, false, '{"status": "sent", "billable": false, "callback": "112354a6-abab-5425-8932-0e866f96f698", "vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.496963+00', '2026-11-25 14:24:30.496963+00', NULL),
	(5, '07d8c650-7356-4e15-af00-ad58dba38421', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '2b614781-e48d-45fa-9450-f2f91c88b1a9', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'calendly', 'booking', 'invitee.created:/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac:active', NULL, 'processed', NULL, false, '{"title": "Discovery call", "change": "created", "reason": null, "status": "active", "end_time": "2026-11-26T09:30:00+00:00", "join_url": null, "timezone": "Europe/Lisbon", "tracking": {"utm_term": null, "utm_medium": null, "utm_source": "pipewise", "utm_content": "b77c0556-3944-57e4-b168-58c1eed58202", "utm_campaign": null, "salesforce_uuid": null}, "event_uri": "https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52", "event_type": "https://api.calendly.com/event_types/5fcfc141-2889-406f-ba51-e7d2e24c3d81", "start_time": "2026-11-26T09:00:00+00:00", "canceled_by": null, "invitee_uri": "https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac", "new_invitee": null, "old_invitee": null, "rescheduled": false}', NULL, '{"name": "Ana Silva", "email": "ana@silva.example", "phone": null, "company": null, "identities": [{"platform": "email", "external_id": "ana@silva.example"}]}', 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.508246+00', '2026-11-25 14:24:30.520679+00', NULL),
	(6, '7e504381-9605-46f6-9a22-b0476bbf24c2', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:delivered', 'wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3', 'processed', NULL, false, '{"status": "delivered", "billable": false, "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.622022+00', '2026-11-25 14:24:30.622022+00', NULL),
	(7, '582e8e24-27b2-4497-a34a-b07b2d0c41ae', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:delivered', 'wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB', 'processed', NULL, false, '{"status": "delivered", "billable": false, "callback": "112354a6-abab-5425-8932-0e866f96f698", "vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.747906+00', '2026-11-25 14:24:30.747906+00', NULL),
	(8, '270280b9-5cce-4e63-8dfe-556a3b447476', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:read', 'wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3', 'processed', NULL, false, '{"status": "read", "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:31+00', '2026-11-25 14:24:31.322395+00', '2026-11-25 14:24:31.322395+00', NULL),
	(9, 'e4e3a817-78cb-4740-9704-c47ccd152acf', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', NULL, 'whatsapp', 'status', 'status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:read', 'wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB', 'processed', NULL, false, '{"status": "read", "callback": "112354a6-abab-5425-8932-0e866f96f698", "vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB"}', NULL, NULL, 0, NULL, '2026-11-25 14:24:31+00', '2026-11-25 14:24:31.447967+00', '2026-11-25 14:24:31.447967+00', NULL),
	(10, '0cd387cb-88ef-4979-98c4-10b2448ad725', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '80134e05-3a24-4f64-bb23-5890118f8723', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', 'whatsapp', 'message', 'message:wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2', NULL, 'processed', NULL, true, '{"text": "what does it cost for 40 people?", "type": "text", "vendor_id": "wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2"}', NULL, '{"name": "Ana Silva", "email": null, "phone": "+351911222444", "company": null, "identities": [{"platform": "whatsapp", "external_id": "351911222444"}, {"platform": "whatsapp", "external_id": "PT.36128768201532516833"}, {"platform": "phone", "external_id": "+351911222444"}]}', 0, NULL, '2026-11-25 14:24:31+00', '2026-11-25 14:24:31.502718+00', '2026-11-25 14:24:31.534045+00', '126a272c-a3d4-4186-ad0a-6911a07f3e86'),
	(11, 'a308a71e-ad22-4d41-96c7-72f4ce1781be', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', NULL, 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'api', 'form', 'api:golden-1', NULL, 'processed', NULL, true, '{"fields": {}, "source": null, "consent": false, "message": "call me"}', NULL, '{"name": "Bea Costa", "email": "bea@costa.example", "phone": null, "company": null, "identities": [{"platform": "email", "external_id": "bea@costa.example"}]}', 0, NULL, '2026-11-25 14:24:33.007682+00', '2026-11-25 14:24:33.010783+00', '2026-11-25 14:24:33.088623+00', 'c4cc4d60-927f-45b2-9b1e-0c1a19c7226f');
INSERT INTO public.idempotency_keys VALUES
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'POST /api/leads golden-1', 'bcd6015e10c7e4a3415ef589660527549a1a3b1af20c878449e8425e86dd5a00', 200, '{"lead_id": "a42cfa5b-04af-447c-9b20-ee93999a02b2"}', '2026-11-25 14:24:33.008408+00');
INSERT INTO public.identities VALUES
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'phone', '+351911222333', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '2026-11-25 14:24:30.113915+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', '351911222333', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '2026-11-25 14:24:30.113915+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'PT.12321437542490840478', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '2026-11-25 14:24:30.113915+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'email', 'ana@silva.example', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '2026-11-25 14:24:30.508246+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'phone', '+351911222444', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', '2026-11-25 14:24:31.502718+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', '351911222444', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', '2026-11-25 14:24:31.502718+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'PT.36128768201532516833', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', '2026-11-25 14:24:31.502718+00'),
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'email', 'bea@costa.example', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', '2026-11-25 14:24:33.010783+00');
INSERT INTO public.integration_stats VALUES
	('80134e05-3a24-4f64-bb23-5890118f8723', 'messages_received', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 3),
	('80134e05-3a24-4f64-bb23-5890118f8723', 'messages_sent', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 2),
	('2b614781-e48d-45fa-9450-f2f91c88b1a9', 'meetings_scheduled', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 1);
INSERT INTO public.integrations VALUES
	('80134e05-3a24-4f64-bb23-5890118f8723', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'WhatsApp', 'connected', '{"templates": {}, "reply_mode": "approve"}', '\x01c8db24f16bcc6021dbc3ddec064d491ea8cf50718384db24ae7156096d34f8eabe60e2dc0afe9d8ebbf6392ea4da4ab271e2a11a3743c4db5383c46c547ef82ebd8162c5b6fd2fca2bfa256d53fcecfb4b22f101fc865a029a33ed8c53eecc2a0bf7f51b24b267780731ac47b3feb866e7128c0c5e4dc62841dbb855a4aadbaecb7ded23978a0415d68fd84c43337f16e43a979bc55755fa5f20f9bcac40c8cac44f937d535e1dd80ecf55986d3073a14a39d2d56f570c9bb2961a50d82df524fc', NULL, NULL, '{"app_secret": "…0001", "access_token": "…oken", "verify_token": "…ease", "phone_number_id": "100000000000001"}', '100000000000001', '{}', '2026-11-25 14:24:31.502718+00', '2026-11-25 14:24:30.331728+00', NULL, '2026-11-25 14:24:30.028673+00', '2026-11-25 14:24:31.475791+00', NULL),
	('2b614781-e48d-45fa-9450-f2f91c88b1a9', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'Calendly', 'connected', '{"mode": "slots"}', '\x01c8db24f16bcc6021ecbd6367d51b37de9c90c430bf2d33554bfba66e9b390e49c03b8233d9e77fee5a51064dad47fd1f68c5be9aff2148ec753134d7d53a592221f5eb02afb78b2b71177e6cf67c78241dac8060fdd66fc29453138b13e385309ef28cffd87769f17ead2b999c84cf35f76746995e80d9c0ff5b25fbe0e3cba179', NULL, NULL, '{"access_token": "…oken", "webhook_signing_key": "…0001"}', NULL, '{}', '2026-11-25 14:24:30.508246+00', '2026-11-25 14:24:30.099083+00', NULL, '2026-11-25 14:24:30.081034+00', '2026-11-25 14:24:30.081034+00', NULL),
	('f0fd9017-08d5-41e0-96a9-162048435f6b', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'form', 'Web form', 'connected', '{}', '\x01c8db24f16bcc60218996476fb65328d8d68333b1d6dc8f32eeeca86b020b127962d85bf094f4bfed54305fed6c179f862a79ea62ee76c06f0e25641ef7599631ff544be1f93d91959ff4f4bc260970a679d8e1494eeaf397', '\x01c8db24f16bcc6021df5c6ddf55a27f6ec4264d6e065b67c1e20dff04f682d3445011b6afae7b8b8587cd0b74529475cc445b71b3ca8ac68ce0ca337280b0914f8a0ff2157c1bef3872b1ffe8311e92fe16586b285409fdd5', '2026-11-26 14:24:33.047134+00', '{"secret": "…MDAy"}', NULL, '{}', NULL, '2026-11-25 14:24:33.032081+00', NULL, '2026-11-25 14:24:33.027774+00', '2026-11-25 14:24:33.047134+00', NULL);
INSERT INTO public.key_checks VALUES
	('c8db24f16bcc6021', '\x01c8db24f16bcc6021031687b672c2a626399f6a31b57130f1b7e32b871a7beae67991284173c72ba7de9dcd5f', '2026-11-25 14:24:29.971049+00');
INSERT INTO public.lanes VALUES
	('4d5bb638-e2d5-413c-976f-e488acc7c1e8', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', NULL, 3, NULL, NULL),
	('679ac3bc-30f0-426a-92dc-fa16d35aba8f', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', NULL, 1, NULL, NULL),
	('a42cfa5b-04af-447c-9b20-ee93999a02b2', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', NULL, 1, NULL, NULL);
INSERT INTO public.lead_changes VALUES
	(1, '41f09587-607d-4e41-a7f4-3336509ed080', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'status', 'new', 'meeting_offered', 'agent', 'offer sent', '687cc4f3-9446-40fb-852f-96e065494e7c', '8488f180-518e-43b8-b418-12a14bea1e90', '2026-11-25 14:24:30.287587+00'),
	(2, 'a54e08a8-3246-4e2e-befd-f3287bf3da6c', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'status', 'meeting_offered', 'meeting_scheduled', 'calendly', 'booked in the conversation', NULL, 'ec58036b-3ebb-4a19-96e3-32610fae59c2', '2026-11-25 14:24:30.404466+00'),
	(3, 'b98985c0-ce29-4197-ac9d-6678a5c63e98', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', 'status', 'new', 'contacted', 'agent', 'answered', '0cd387cb-88ef-4979-98c4-10b2448ad725', '126a272c-a3d4-4186-ad0a-6911a07f3e86', '2026-11-25 14:24:31.534045+00'),
	(4, 'b5b689d5-9ff5-46cb-ae46-ed674f5876a5', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'status', 'new', 'meeting_offered', 'agent', 'offer sent', 'a308a71e-ad22-4d41-96c7-72f4ce1781be', 'c4cc4d60-927f-45b2-9b1e-0c1a19c7226f', '2026-11-25 14:24:33.088623+00'),
	(5, 'e9d6cf70-e7a9-4d3a-9513-f0f7379682c0', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'agent', 'active', 'paused', 'admin@pipewise.local', 'took the conversation', NULL, NULL, '2026-11-25 14:24:34.598338+00');
INSERT INTO public.leads VALUES
	('4d5bb638-e2d5-413c-976f-e488acc7c1e8', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'Ana Silva', 'ana@silva.example', '+351911222333', NULL, 'meeting_scheduled', NULL, NULL, NULL, NULL, 'Europe/Lisbon', false, 'en', '[]', '{}', 'active', false, 0, '1f1e8dbe-d706-6d46-8010-e90a3c22de8c', false, '2026-11-25 14:24:30.113915+00', '2026-11-25 14:24:30.426765+00', '2026-11-25 14:24:30+00', '2026-11-25 14:24:30.445945+00'),
	('679ac3bc-30f0-426a-92dc-fa16d35aba8f', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'Ana Silva', NULL, '+351911222444', NULL, 'contacted', NULL, NULL, 15, NULL, NULL, false, 'en', '[]', '{"company_size": {"at": "2026-11-25T14:24:31.522929+00:00", "quote": "40 people", "value": "40", "history": [], "message_id": "0cd387cb-88ef-4979-98c4-10b2448ad725"}}', 'active', false, 0, '1f1e8dbe-e196-6a60-8007-e64320105e7e', false, '2026-11-25 14:24:31.502718+00', '2026-11-25 14:24:31.534045+00', '2026-11-25 14:24:31+00', NULL),
	('a42cfa5b-04af-447c-9b20-ee93999a02b2', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'Bea Costa', 'bea@costa.example', NULL, NULL, 'meeting_offered', NULL, 'admin@pipewise.local', NULL, NULL, 'Europe/Lisbon', false, 'en', '[]', '{}', 'paused', false, 1, '1f1e8dbe-f068-6e02-8007-bf308dc96103', false, '2026-11-25 14:24:33.010783+00', '2026-11-25 14:24:34.598338+00', NULL, NULL);
INSERT INTO public.meetings VALUES
	('6e417fce-185b-4cc8-a1ab-5567049a61fa', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '2b614781-e48d-45fa-9450-f2f91c88b1a9', 'b77c0556-3944-57e4-b168-58c1eed58202', 'scheduled', 'pipewise', 'https://api.calendly.com/event_types/5fcfc141-2889-406f-ba51-e7d2e24c3d81', 'Discovery call', 'https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52', 'https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac', '2026-11-26 09:00:00+00', '2026-11-26 09:30:00+00', 'Europe/Lisbon', '{"name": "Ana Silva", "email": "ana@silva.example"}', NULL, '\x01c8db24f16bcc60212bc12fc532c3324c95d75233cc4beb475412476bd6a119ae72995c6aa8065ceeae26d91290421d6c99bd6af591aba701f1fe35d4848b3b0dafaecbc542907cf85fadc26652f4ab6edcff59457c67fe2a5f6a2e2c13e66545808f30fb30e0181dd47c2b0db4f04cad8759eb0d3bcf187926f23ba51787de233966547b0924246fad6ec30483507f86effc4b5c59db064ce5a38a8ac138cefb0c825244421822ac40b2e2ce97c2a2e1cf182eaf6d1872bdde06c5ac4d644e57c4c9dbd4e76fa80e450bac5912fd78e76fe0', '[]', 1, 'ec58036b-3ebb-4a19-96e3-32610fae59c2', '2026-11-25 14:24:30.393092+00', '2026-11-25 14:24:30.414907+00');
INSERT INTO public.messages VALUES
	(1, '4c87e5e5-f44d-4801-bcf4-76a0faee76f8', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'in', 'whatsapp', 'lead', 'Schedule a demo', 'received', 'wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5', '687cc4f3-9446-40fb-852f-96e065494e7c', NULL, '2026-11-25 14:24:30.113915+00'),
	(2, '9ce359be-f25d-560a-8326-ef1e08b37304', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'out', 'whatsapp', 'agent', 'Here are times that are free (Europe/Lisbon, UTC+0):
1. Wed 25 Nov, 16:30
2. Thu 26 Nov, 09:00
3. Fri 27 Nov, 09:00
Reply with a number, or tell me what suits you better.
You are talking to an automated assistant of our team; a colleague can take over at any time.', 'read', 'wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3', NULL, '8488f180-518e-43b8-b418-12a14bea1e90', '2026-11-25 14:24:30.287587+00'),
	(3, '478cc61b-4dbb-4008-a66c-98fe571e08da', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'in', 'whatsapp', 'lead', 'the second one, ana@silva.example', 'received', 'wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3', '36897ce8-baa7-4132-bb6c-73b1b0b586e0', NULL, '2026-11-25 14:24:30.33002+00'),
	(4, '112354a6-abab-5425-8932-0e866f96f698', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'out', 'whatsapp', 'agent', 'You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.
Reference: 3bf9b186-2783-4433-bd65-ee681e4e2a52', 'read', 'wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB', NULL, 'ec58036b-3ebb-4a19-96e3-32610fae59c2', '2026-11-25 14:24:30.426765+00'),
	(5, 'ef3591f6-deac-46c5-a468-cdca3d20c3a1', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', 'in', 'whatsapp', 'lead', 'what does it cost for 40 people?', 'received', 'wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2', '0cd387cb-88ef-4979-98c4-10b2448ad725', NULL, '2026-11-25 14:24:31.502718+00'),
	(6, 'e4727115-de49-4947-b5b8-8297941f231d', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'in', 'api', 'lead', 'call me', 'received', 'api:golden-1', 'a308a71e-ad22-4d41-96c7-72f4ce1781be', NULL, '2026-11-25 14:24:33.010783+00');
INSERT INTO public.outbox VALUES
	(1, '9ce359be-f25d-560a-8326-ef1e08b37304', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '80134e05-3a24-4f64-bb23-5890118f8723', 'whatsapp', '351911222333', '{"link": null, "text": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:00\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "choices": [{"id": "slot_1", "title": "Wed 25 Nov, 16:30", "description": "Europe/Lisbon, UTC+0"}, {"id": "slot_2", "title": "Thu 26 Nov, 09:00", "description": "Europe/Lisbon, UTC+0"}, {"id": "slot_3", "title": "Fri 27 Nov, 09:00", "description": "Europe/Lisbon, UTC+0"}], "reply_to": null, "template": null, "choices_label": "Discovery call"}', 'done', false, 'agent', 1, NULL, NULL, NULL, '2026-11-25 14:24:30.308223+00', '2026-11-25 14:24:30.287587+00'),
	(2, '112354a6-abab-5425-8932-0e866f96f698', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', '80134e05-3a24-4f64-bb23-5890118f8723', 'whatsapp', '351911222333', '{"link": null, "text": "You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.\nReference: 3bf9b186-2783-4433-bd65-ee681e4e2a52", "choices": [], "reply_to": null, "template": null, "choices_label": ""}', 'sending', false, 'agent', 1, NULL, NULL, NULL, '2026-11-25 14:24:30.4363+00', '2026-11-25 14:24:30.426765+00');
INSERT INTO public.runs VALUES
	('8488f180-518e-43b8-b418-12a14bea1e90', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'webhook', 'committed', '{"error": null, "model": "offline", "reply": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:00\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "route": "scheduler", "checks": [], "events": ["687cc4f3-9446-40fb-852f-96e065494e7c"], "intent": {"by": "offline", "label": "meeting_request", "evidence": "Schedule a demo", "runner_up": null, "confidence": 0.963}, "models": [{"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 5}, {"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 0}, {"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 1}], "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:00", "start": "2026-11-26T09:00:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "actions": [{"tool": "get_calendly_event_types", "type": "tool_call", "result": {"kind": "event_types", "event_types": [{"name": "Discovery call", "handle": "type_1", "minutes": 30}, {"name": "On-site consultation", "handle": "type_2", "minutes": 45}]}, "arguments": {}}, {"tool": "find_best_meeting_slot", "type": "tool_call", "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:00", "start": "2026-11-26T09:00:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"wish": "Schedule a demo", "event_type": null}}], "intents": [{"by": "offline", "label": "meeting_request", "evidence": "Schedule a demo", "runner_up": null, "confidence": 0.963}], "success": true, "cost_usd": 0.0, "versions": {"code": "0.1.0"}, "tool_calls": [{"tool": "get_calendly_event_types", "type": "tool_call", "result": {"kind": "event_types", "event_types": [{"name": "Discovery call", "handle": "type_1", "minutes": 30}, {"name": "On-site consultation", "handle": "type_2", "minutes": 45}]}, "arguments": {}}, {"tool": "find_best_meeting_slot", "type": "tool_call", "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:00", "start": "2026-11-26T09:00:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"wish": "Schedule a demo", "event_type": null}}]}', '1f1e8dbe-d5b2-6f80-8007-44277eb6d294', '2026-11-25 14:24:30.140941+00', '2026-11-25 14:24:30.287587+00'),
	('ec58036b-3ebb-4a19-96e3-32610fae59c2', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '4d5bb638-e2d5-413c-976f-e488acc7c1e8', 'webhook', 'committed', '{"error": null, "model": "offline", "reply": "You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.\nReference: 3bf9b186-2783-4433-bd65-ee681e4e2a52", "route": "scheduler", "checks": [], "events": ["36897ce8-baa7-4132-bb6c-73b1b0b586e0"], "intent": {"by": "offline", "label": "meeting_request", "evidence": "the second one, ana@silva.example", "runner_up": null, "confidence": 0.92}, "models": [{"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 1}, {"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 1}], "result": {"end": "2026-11-26T09:30:00+00:00", "kind": "booked", "when": "Thu 26 Nov, 09:00", "email": "ana@silva.example", "start": "2026-11-26T09:00:00+00:00", "title": "Discovery call", "join_url": null, "timezone": "Europe/Lisbon", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "timezone_label": "Europe/Lisbon, UTC+0"}, "actions": [{"tool": "schedule_meeting_for_lead", "type": "tool_call", "result": {"end": "2026-11-26T09:30:00+00:00", "kind": "booked", "when": "Thu 26 Nov, 09:00", "email": "ana@silva.example", "start": "2026-11-26T09:00:00+00:00", "title": "Discovery call", "join_url": null, "timezone": "Europe/Lisbon", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"slot": "slot_2"}}], "intents": [{"by": "offline", "label": "meeting_request", "evidence": "the second one, ana@silva.example", "runner_up": null, "confidence": 0.92}], "success": true, "cost_usd": 0.0, "versions": {"code": "0.1.0"}, "tool_calls": [{"tool": "schedule_meeting_for_lead", "type": "tool_call", "result": {"end": "2026-11-26T09:30:00+00:00", "kind": "booked", "when": "Thu 26 Nov, 09:00", "email": "ana@silva.example", "start": "2026-11-26T09:00:00+00:00", "title": "Discovery call", "join_url": null, "timezone": "Europe/Lisbon", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"slot": "slot_2"}}]}', '1f1e8dbe-d706-6d46-8010-e90a3c22de8c', '2026-11-25 14:24:30.35422+00', '2026-11-25 14:24:30.426765+00'),
	('126a272c-a3d4-4186-ad0a-6911a07f3e86', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', '679ac3bc-30f0-426a-92dc-fa16d35aba8f', 'webhook', 'committed', '{"error": null, "model": "offline", "reply": "Thank you for your interest. What would you like to solve or improve?\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "route": "qualifier", "checks": [], "events": ["0cd387cb-88ef-4979-98c4-10b2448ad725"], "intent": {"by": "offline", "label": "lead_inquiry", "evidence": "what does it cost", "runner_up": null, "confidence": 0.984}, "models": [{"model": "offline", "action": "qualify", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 0}], "result": {}, "actions": [{"type": "fact", "field": "company_size", "quote": "40 people", "value": "40", "message_id": "0cd387cb-88ef-4979-98c4-10b2448ad725"}], "intents": [{"by": "offline", "label": "lead_inquiry", "evidence": "what does it cost", "runner_up": null, "confidence": 0.984}], "success": true, "cost_usd": 0.0, "versions": {"code": "0.1.0"}, "tool_calls": []}', '1f1e8dbe-e196-6a60-8007-e64320105e7e', '2026-11-25 14:24:31.518669+00', '2026-11-25 14:24:31.534045+00'),
	('c4cc4d60-927f-45b2-9b1e-0c1a19c7226f', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'webhook', 'committed', '{"error": null, "model": "offline", "reply": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:30\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "route": "scheduler", "checks": [], "events": ["a308a71e-ad22-4d41-96c7-72f4ce1781be"], "intent": {"by": "offline", "label": "meeting_request", "evidence": "call me", "runner_up": null, "confidence": 0.811}, "models": [{"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 1}, {"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 1}, {"model": "offline", "action": "schedule", "success": true, "platform": "model", "cost_microusd": 0, "response_time_ms": 0}], "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:30", "start": "2026-11-26T09:30:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "actions": [{"tool": "get_calendly_event_types", "type": "tool_call", "result": {"kind": "event_types", "event_types": [{"name": "Discovery call", "handle": "type_1", "minutes": 30}, {"name": "On-site consultation", "handle": "type_2", "minutes": 45}]}, "arguments": {}}, {"tool": "find_best_meeting_slot", "type": "tool_call", "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:30", "start": "2026-11-26T09:30:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"wish": "call me", "event_type": null}}], "intents": [{"by": "offline", "label": "meeting_request", "evidence": "call me", "runner_up": null, "confidence": 0.811}], "success": true, "cost_usd": 0.0, "versions": {"code": "0.1.0"}, "tool_calls": [{"tool": "get_calendly_event_types", "type": "tool_call", "result": {"kind": "event_types", "event_types": [{"name": "Discovery call", "handle": "type_1", "minutes": 30}, {"name": "On-site consultation", "handle": "type_2", "minutes": 45}]}, "arguments": {}}, {"tool": "find_best_meeting_slot", "type": "tool_call", "result": {"kind": "offer", "slots": [{"label": "Wed 25 Nov, 16:30", "start": "2026-11-25T16:30:00+00:00", "handle": "slot_1"}, {"label": "Thu 26 Nov, 09:30", "start": "2026-11-26T09:30:00+00:00", "handle": "slot_2"}, {"label": "Fri 27 Nov, 09:00", "start": "2026-11-27T09:00:00+00:00", "handle": "slot_3"}], "title": "Discovery call", "reason": "fits", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "arguments": {"wish": "call me", "event_type": null}}]}', '1f1e8dbe-f068-6e02-8007-bf308dc96103', '2026-11-25 14:24:33.039489+00', '2026-11-25 14:24:33.088623+00');
INSERT INTO public.tasks VALUES
	('5533e6a8-017c-44eb-bcdc-921be36939e6', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'a42cfa5b-04af-447c-9b20-ee93999a02b2', 'unreachable', 'A lead cannot be answered by any connected platform', 'Here are times that are free (Europe/Lisbon, UTC+0):
1. Wed 25 Nov, 16:30
2. Thu 26 Nov, 09:30
3. Fri 27 Nov, 09:00
Reply with a number, or tell me what suits you better.
You are talking to an automated assistant of our team; a colleague can take over at any time.', 'admin@pipewise.local', 'open', NULL, '2026-11-25 14:24:33.088623+00', '2026-11-25 14:24:33.088623+00');
INSERT INTO public.usage VALUES
	(1, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'test', true, 36, 0, '2026-11-25 14:24:30.069069+00'),
	(2, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'test', true, 16, 0, '2026-11-25 14:24:30.099083+00'),
	(3, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 5, 0, '2026-11-25 14:24:30.287587+00'),
	(4, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 0, 0, '2026-11-25 14:24:30.287587+00'),
	(5, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 1, 0, '2026-11-25 14:24:30.287587+00'),
	(6, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'event_types', true, 1, 0, '2026-11-25 14:24:30.287587+00'),
	(7, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'available_times', true, 5, 0, '2026-11-25 14:24:30.287587+00'),
	(8, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'run', true, 146, 0, '2026-11-25 14:24:30.287587+00'),
	(9, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 1, 0, '2026-11-25 14:24:30.426765+00'),
	(10, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 1, 0, '2026-11-25 14:24:30.426765+00'),
	(11, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'event_type', true, 2, 0, '2026-11-25 14:24:30.426765+00'),
	(12, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'available_times', true, 2, 0, '2026-11-25 14:24:30.426765+00'),
	(13, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'schedule_meeting', true, 28, 0, '2026-11-25 14:24:30.426765+00'),
	(14, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'run', true, 71, 0, '2026-11-25 14:24:30.426765+00'),
	(15, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'qualify', true, 0, 0, '2026-11-25 14:24:31.534045+00'),
	(16, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'whatsapp', 'run', true, 15, 0, '2026-11-25 14:24:31.534045+00'),
	(17, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'form', 'test', true, 0, 0, '2026-11-25 14:24:33.032081+00'),
	(18, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 1, 0, '2026-11-25 14:24:33.088623+00'),
	(19, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 1, 0, '2026-11-25 14:24:33.088623+00'),
	(20, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'model', 'schedule', true, 0, 0, '2026-11-25 14:24:33.088623+00'),
	(21, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'event_types', true, 2, 0, '2026-11-25 14:24:33.088623+00'),
	(22, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'calendly', 'available_times', true, 5, 0, '2026-11-25 14:24:33.088623+00'),
	(23, '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'api', 'run', true, 48, 0, '2026-11-25 14:24:33.088623+00');
INSERT INTO public.users VALUES
	('57953364-dc0f-4cb6-b63a-9508f5bd20f1', '57953364-dc0f-4cb6-b63a-9508f5bd20f1', 'admin@pipewise.local', 'admin', '2026-11-25 14:24:29.973411+00');
SELECT pg_catalog.setval('public.events_seq_seq', 11, true);
SELECT pg_catalog.setval('public.lead_changes_seq_seq', 5, true);
SELECT pg_catalog.setval('public.messages_seq_seq', 6, true);
SELECT pg_catalog.setval('public.outbox_seq_seq', 2, true);
SELECT pg_catalog.setval('public.usage_seq_seq', 23, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT pk_api_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT pk_approvals PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (seq);
ALTER TABLE ONLY public.integration_stats
    ADD CONSTRAINT pk_integration_stats PRIMARY KEY (integration_id, name);
ALTER TABLE ONLY public.integrations
    ADD CONSTRAINT pk_integrations PRIMARY KEY (id);
ALTER TABLE ONLY public.key_checks
    ADD CONSTRAINT pk_key_checks PRIMARY KEY (key_id);
ALTER TABLE ONLY public.lanes
    ADD CONSTRAINT pk_lanes PRIMARY KEY (lead_id);
ALTER TABLE ONLY public.lead_changes
    ADD CONSTRAINT pk_lead_changes PRIMARY KEY (seq);
ALTER TABLE ONLY public.leads
    ADD CONSTRAINT pk_leads PRIMARY KEY (id);
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT pk_meetings PRIMARY KEY (id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (seq);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (seq);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT pk_tasks PRIMARY KEY (id);
ALTER TABLE ONLY public.usage
    ADD CONSTRAINT pk_usage PRIMARY KEY (seq);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT uq_api_tokens_digest UNIQUE (digest);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT uq_events_account_id_integration_id_dedupe_key UNIQUE (account_id, integration_id, dedupe_key);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT uq_events_id UNIQUE (id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT uq_idempotency_keys_account_id_key UNIQUE (account_id, key);
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT uq_identities_account_id_platform_external_id UNIQUE (account_id, platform, external_id);
ALTER TABLE ONLY public.lead_changes
    ADD CONSTRAINT uq_lead_changes_id UNIQUE (id);
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT uq_meetings_account_id_invitee_uri UNIQUE (account_id, invitee_uri);
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT uq_meetings_intent_key UNIQUE (intent_key);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT uq_messages_id UNIQUE (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_message_id UNIQUE (message_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT uq_users_email UNIQUE (email);
CREATE INDEX ix_approvals_account_id_status_created_at ON public.approvals USING btree (account_id, status, created_at);
CREATE INDEX ix_events_account_id_status_seq ON public.events USING btree (account_id, status, seq);
CREATE INDEX ix_events_open ON public.events USING btree (lead_id, status, occurred_at, seq);
CREATE INDEX ix_events_ref ON public.events USING btree (ref);
CREATE INDEX ix_identities_lead_id ON public.identities USING btree (lead_id);
CREATE INDEX ix_integrations_account_id_platform ON public.integrations USING btree (account_id, platform);
CREATE INDEX ix_integrations_platform_account_ref ON public.integrations USING btree (platform, account_ref);
CREATE INDEX ix_lanes_due_at ON public.lanes USING btree (due_at);
CREATE INDEX ix_lanes_holder ON public.lanes USING btree (holder);
CREATE INDEX ix_lead_changes_lead_id_seq ON public.lead_changes USING btree (lead_id, seq);
CREATE INDEX ix_leads_account_id_created_at ON public.leads USING btree (account_id, created_at);
CREATE INDEX ix_leads_account_id_status ON public.leads USING btree (account_id, status);
CREATE INDEX ix_meetings_account_id_start_time ON public.meetings USING btree (account_id, start_time);
CREATE INDEX ix_meetings_lead_id_created_at ON public.meetings USING btree (lead_id, created_at);
CREATE INDEX ix_messages_account_id_external_id ON public.messages USING btree (account_id, external_id);
CREATE INDEX ix_messages_lead_id_seq ON public.messages USING btree (lead_id, seq);
CREATE INDEX ix_outbox_open ON public.outbox USING btree (lead_id, state, seq);
CREATE INDEX ix_outbox_state_claimed_at ON public.outbox USING btree (state, claimed_at);
CREATE INDEX ix_runs_lead_id_started_at ON public.runs USING btree (lead_id, started_at);
CREATE INDEX ix_tasks_account_id_status_created_at ON public.tasks USING btree (account_id, status, created_at);
CREATE INDEX ix_usage_account_id_created_at ON public.usage USING btree (account_id, created_at);
CREATE INDEX ix_users_account_id ON public.users USING btree (account_id);
CREATE UNIQUE INDEX uq_events_own_dedupe_key ON public.events USING btree (account_id, dedupe_key) WHERE (integration_id IS NULL);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT fk_api_tokens_user_id_users FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT fk_approvals_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT fk_approvals_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.events
    ADD CONSTRAINT fk_events_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.events
    ADD CONSTRAINT fk_events_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT fk_idempotency_keys_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT fk_identities_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.identities
    ADD CONSTRAINT fk_identities_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.integration_stats
    ADD CONSTRAINT fk_integration_stats_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.integration_stats
    ADD CONSTRAINT fk_integration_stats_integration_id_integrations FOREIGN KEY (integration_id) REFERENCES public.integrations(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.integrations
    ADD CONSTRAINT fk_integrations_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.lanes
    ADD CONSTRAINT fk_lanes_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.lanes
    ADD CONSTRAINT fk_lanes_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.lead_changes
    ADD CONSTRAINT fk_lead_changes_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.lead_changes
    ADD CONSTRAINT fk_lead_changes_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.leads
    ADD CONSTRAINT fk_leads_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT fk_meetings_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.meetings
    ADD CONSTRAINT fk_meetings_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT fk_messages_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT fk_messages_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_message_id_messages FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT fk_runs_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT fk_tasks_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tasks
    ADD CONSTRAINT fk_tasks_lead_id_leads FOREIGN KEY (lead_id) REFERENCES public.leads(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.usage
    ADD CONSTRAINT fk_usage_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.users
    ADD CONSTRAINT fk_users_account_id_accounts FOREIGN KEY (account_id) REFERENCES public.accounts(id) ON DELETE CASCADE;
