BEGIN TRANSACTION;
CREATE TABLE accounts (
	id VARCHAR(36) NOT NULL, 
	paused BOOLEAN NOT NULL, 
	settings JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id)
);
INSERT INTO "accounts" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1',0,'{}','2026-11-25 14:24:29.973411');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_tokens (
	id VARCHAR(36) NOT NULL, 
	user_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	hint VARCHAR(16) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_used_at DATETIME, 
	revoked_at DATETIME, 
	CONSTRAINT pk_api_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_api_tokens_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_api_tokens_digest UNIQUE (digest)
);
INSERT INTO "api_tokens" VALUES('a9246720-44ba-4d29-a280-1653b3af50a9','57953364-dc0f-4cb6-b63a-9508f5bd20f1','first token','tttt','c53ef1c343014c468a1a3026475d89fe41a42c97dac0a715912b87bd51371bb5','2026-11-25 14:24:29.973411','2026-11-25 14:24:30.023724',NULL);
CREATE TABLE approvals (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	run_id VARCHAR(36), 
	text TEXT NOT NULL, 
	payload JSON NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	ownership_version INTEGER NOT NULL, 
	decided_by VARCHAR(320), 
	decided_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (id), 
	CONSTRAINT fk_approvals_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_approvals_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
INSERT INTO "approvals" VALUES('876cc0c5-7eab-54a6-99a5-1f9110ebfe7b','57953364-dc0f-4cb6-b63a-9508f5bd20f1','679ac3bc-30f0-426a-92dc-fa16d35aba8f','126a272c-a3d4-4186-ad0a-6911a07f3e86','Thank you for your interest. What would you like to solve or improve?

You are talking to an automated assistant of our team; a colleague can take over at any time.','{"message": {"text": "Thank you for your interest. What would you like to solve or improve?\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "choices": [], "choices_label": "", "link": null, "template": null, "reply_to": null}, "integration_id": "80134e05-3a24-4f64-bb23-5890118f8723"}','pending',0,NULL,NULL,'2026-11-25 14:24:31.534045');
CREATE TABLE events (
	seq INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	integration_id VARCHAR(36), 
	lead_id VARCHAR(36), 
	platform VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	dedupe_key VARCHAR(512) NOT NULL, 
	ref VARCHAR(512), 
	status VARCHAR(16) NOT NULL, 
	reason TEXT, 
	needs_turn BOOLEAN NOT NULL, 
	content JSON NOT NULL, 
	sealed BLOB, 
	sender JSON, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME, 
	occurred_at DATETIME NOT NULL, 
	received_at DATETIME NOT NULL, 
	processed_at DATETIME, 
	run_id VARCHAR(36), 
	CONSTRAINT pk_events PRIMARY KEY (seq), 
	CONSTRAINT fk_events_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_events_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT uq_events_account_id_integration_id_dedupe_key UNIQUE (account_id, integration_id, dedupe_key), 
	CONSTRAINT uq_events_id UNIQUE (id)
);
INSERT INTO "events" VALUES(1,'687cc4f3-9446-40fb-852f-96e065494e7c','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723','4d5bb638-e2d5-413c-976f-e488acc7c1e8','whatsapp','message','message:wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5',NULL,'processed',NULL,1,'{"type": "text", "text": "Schedule a demo", "vendor_id": "wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5"}',NULL,'{"identities": [{"platform": "whatsapp", "external_id": "351911222333"}, {"platform": "whatsapp", "external_id": "PT.12321437542490840478"}, {"platform": "phone", "external_id": "+351911222333"}], "name": "Ana Silva", "email": null, "phone": "+351911222333", "company": null}',0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.113915','2026-11-25 14:24:30.287587','8488f180-518e-43b8-b418-12a14bea1e90');
INSERT INTO "events" VALUES(2,'36897ce8-baa7-4132-bb6c-73b1b0b586e0','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723','4d5bb638-e2d5-413c-976f-e488acc7c1e8','whatsapp','message','message:wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3',NULL,'processed',NULL,1,'{"type": "text", "text": "the second one, ana@silva.example", "vendor_id": "wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3"}',NULL,'{"identities": [{"platform": "whatsapp", "external_id": "351911222333"}, {"platform": "whatsapp", "external_id": "PT.12321437542490840478"}, {"platform": "phone", "external_id": "+351911222333"}], "name": "Ana Silva", "email": null, "phone": "+351911222333", "company": null}',0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.330020','2026-11-25 14:24:30.426765','ec58036b-3ebb-4a19-96e3-32610fae59c2');
INSERT INTO "events" VALUES(3,'59891811-5d7c-4a12-952f-fd98d46138f4','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:sent','wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3", "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "status": "sent", "billable": false}',NULL,NULL,0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.368607','2026-11-25 14:24:30.368607',NULL);
INSERT INTO "events" VALUES(4,'c7ea4a7f-df46-4c15-b1fc-e27497085d59','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:sent','wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB", "callback": "112354a6-abab-5425-8932-0e866f96f698", "status": "sent", "billable": false}',NULL,NULL,0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.496963','2026-11-25 14:24:30.496963',NULL);
INSERT INTO "events" VALUES(5,'07d8c650-7356-4e15-af00-ad58dba38421','57953364-dc0f-4cb6-b63a-9508f5bd20f1','2b614781-e48d-45fa-9450-f2f91c88b1a9','4d5bb638-e2d5-413c-976f-e488acc7c1e8','calendly','booking','invitee.created:/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac:active',NULL,'processed',NULL,0,'{"change": "created", "title": "Discovery call", "invitee_uri": "https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac", "event_uri": "https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52", "event_type": "https://api.calendly.com/event_types/5fcfc141-2889-406f-ba51-e7d2e24c3d81", "start_time": "2026-11-26T09:00:00+00:00", "end_time": "2026-11-26T09:30:00+00:00", "timezone": "Europe/Lisbon", "status": "active", "rescheduled": false, "old_invitee": null, "new_invitee": null, "tracking": {"utm_campaign": null, "utm_source": "pipewise", "utm_medium": null, "utm_content": "b77c0556-3944-57e4-b168-58c1eed58202", "utm_term": null, "salesforce_uuid": null}, "join_url": null, "canceled_by": null, "reason": null}',NULL,'{"identities": [{"platform": "email", "external_id": "ana@silva.example"}], "name": "Ana Silva", "email": "ana@silva.example", "phone": null, "company": null}',0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.508246','2026-11-25 14:24:30.520679',NULL);
INSERT INTO "events" VALUES(6,'7e504381-9605-46f6-9a22-b0476bbf24c2','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:delivered','wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3", "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "status": "delivered", "billable": false}',NULL,NULL,0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.622022','2026-11-25 14:24:30.622022',NULL);
INSERT INTO "events" VALUES(7,'582e8e24-27b2-4497-a34a-b07b2d0c41ae','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:delivered','wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB", "callback": "112354a6-abab-5425-8932-0e866f96f698", "status": "delivered", "billable": false}',NULL,NULL,0,NULL,'2026-11-25 14:24:30.000000','2026-11-25 14:24:30.747906','2026-11-25 14:24:30.747906',NULL);
INSERT INTO "events" VALUES(8,'270280b9-5cce-4e63-8dfe-556a3b447476','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3:read','wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3", "callback": "9ce359be-f25d-560a-8326-ef1e08b37304", "status": "read"}',NULL,NULL,0,NULL,'2026-11-25 14:24:31.000000','2026-11-25 14:24:31.322395','2026-11-25 14:24:31.322395',NULL);
INSERT INTO "events" VALUES(9,'e4e3a817-78cb-4740-9704-c47ccd152acf','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723',NULL,'whatsapp','status','status:wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB:read','wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB','processed',NULL,0,'{"vendor_id": "wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB", "callback": "112354a6-abab-5425-8932-0e866f96f698", "status": "read"}',NULL,NULL,0,NULL,'2026-11-25 14:24:31.000000','2026-11-25 14:24:31.447967','2026-11-25 14:24:31.447967',NULL);
INSERT INTO "events" VALUES(10,'0cd387cb-88ef-4979-98c4-10b2448ad725','57953364-dc0f-4cb6-b63a-9508f5bd20f1','80134e05-3a24-4f64-bb23-5890118f8723','679ac3bc-30f0-426a-92dc-fa16d35aba8f','whatsapp','message','message:wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2',NULL,'processed',NULL,1,'{"type": "text", "text": "what does it cost for 40 people?", "vendor_id": "wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2"}',NULL,'{"identities": [{"platform": "whatsapp", "external_id": "351911222444"}, {"platform": "whatsapp", "external_id": "PT.36128768201532516833"}, {"platform": "phone", "external_id": "+351911222444"}], "name": "Ana Silva", "email": null, "phone": "+351911222444", "company": null}',0,NULL,'2026-11-25 14:24:31.000000','2026-11-25 14:24:31.502718','2026-11-25 14:24:31.534045','126a272c-a3d4-4186-ad0a-6911a07f3e86');
INSERT INTO "events" VALUES(11,'a308a71e-ad22-4d41-96c7-72f4ce1781be','57953364-dc0f-4cb6-b63a-9508f5bd20f1',NULL,'a42cfa5b-04af-447c-9b20-ee93999a02b2','api','form','api:golden-1',NULL,'processed',NULL,1,'{"message": "call me", "source": null, "consent": false, "fields": {}}',NULL,'{"identities": [{"platform": "email", "external_id": "bea@costa.example"}], "name": "Bea Costa", "email": "bea@costa.example", "phone": null, "company": null}',0,NULL,'2026-11-25 14:24:33.007682','2026-11-25 14:24:33.010783','2026-11-25 14:24:33.088623','c4cc4d60-927f-45b2-9b1e-0c1a19c7226f');
CREATE TABLE idempotency_keys (
	account_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	request_digest VARCHAR(64) NOT NULL, 
	status_code INTEGER, 
	answer JSON, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT fk_idempotency_keys_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT uq_idempotency_keys_account_id_key UNIQUE (account_id, "key")
);
INSERT INTO "idempotency_keys" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','POST /api/leads golden-1','bcd6015e10c7e4a3415ef589660527549a1a3b1af20c878449e8425e86dd5a00',200,'{"lead_id": "a42cfa5b-04af-447c-9b20-ee93999a02b2"}','2026-11-25 14:24:33.008408');
CREATE TABLE identities (
	account_id VARCHAR(36) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	external_id VARCHAR(320) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT fk_identities_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_identities_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT uq_identities_account_id_platform_external_id UNIQUE (account_id, platform, external_id)
);
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','phone','+351911222333','4d5bb638-e2d5-413c-976f-e488acc7c1e8','2026-11-25 14:24:30.113915');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','351911222333','4d5bb638-e2d5-413c-976f-e488acc7c1e8','2026-11-25 14:24:30.113915');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','PT.12321437542490840478','4d5bb638-e2d5-413c-976f-e488acc7c1e8','2026-11-25 14:24:30.113915');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','email','ana@silva.example','4d5bb638-e2d5-413c-976f-e488acc7c1e8','2026-11-25 14:24:30.508246');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','phone','+351911222444','679ac3bc-30f0-426a-92dc-fa16d35aba8f','2026-11-25 14:24:31.502718');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','351911222444','679ac3bc-30f0-426a-92dc-fa16d35aba8f','2026-11-25 14:24:31.502718');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','PT.36128768201532516833','679ac3bc-30f0-426a-92dc-fa16d35aba8f','2026-11-25 14:24:31.502718');
INSERT INTO "identities" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','email','bea@costa.example','a42cfa5b-04af-447c-9b20-ee93999a02b2','2026-11-25 14:24:33.010783');
CREATE TABLE integration_stats (
	integration_id VARCHAR(36) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_integration_stats PRIMARY KEY (integration_id, name), 
	CONSTRAINT fk_integration_stats_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_integration_stats_integration_id_integrations FOREIGN KEY(integration_id) REFERENCES integrations (id) ON DELETE CASCADE
);
INSERT INTO "integration_stats" VALUES('80134e05-3a24-4f64-bb23-5890118f8723','messages_received','57953364-dc0f-4cb6-b63a-9508f5bd20f1',3);
INSERT INTO "integration_stats" VALUES('80134e05-3a24-4f64-bb23-5890118f8723','messages_sent','57953364-dc0f-4cb6-b63a-9508f5bd20f1',2);
INSERT INTO "integration_stats" VALUES('2b614781-e48d-45fa-9450-f2f91c88b1a9','meetings_scheduled','57953364-dc0f-4cb6-b63a-9508f5bd20f1',1);
CREATE TABLE integrations (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	status VARCHAR(32) NOT NULL, 
	settings JSON NOT NULL, 
	credentials BLOB, 
	previous_credentials BLOB, 
	previous_until DATETIME, 
	hints JSON NOT NULL, 
	account_ref VARCHAR(255), 
	vendor_state JSON NOT NULL, 
	last_event_at DATETIME, 
	last_success_at DATETIME, 
	last_error JSON, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	deleted_at DATETIME, 
	CONSTRAINT pk_integrations PRIMARY KEY (id), 
	CONSTRAINT fk_integrations_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE
);
INSERT INTO "integrations" VALUES('80134e05-3a24-4f64-bb23-5890118f8723','57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','WhatsApp','connected','{"reply_mode": "approve", "templates": {}}',X'01C8DB24F16BCC6021DBC3DDEC064D491EA8CF50718384DB24AE7156096D34F8EABE60E2DC0AFE9D8EBBF6392EA4DA4AB271E2A11A3743C4DB5383C46C547EF82EBD8162C5B6FD2FCA2BFA256D53FCECFB4B22F101FC865A029A33ED8C53EECC2A0BF7F51B24B267780731AC47B3FEB866E7128C0C5E4DC62841DBB855A4AADBAECB7DED23978A0415D68FD84C43337F16E43A979BC55755FA5F20F9BCAC40C8CAC44F937D535E1DD80ECF55986D3073A14A39D2D56F570C9BB2961A50D82DF524FC',NULL,NULL,'{"access_token": "\u2026oken", "phone_number_id": "100000000000001", "app_secret": "\u20260001", "verify_token": "\u2026ease"}','100000000000001','{}','2026-11-25 14:24:31.502718','2026-11-25 14:24:30.331728',NULL,'2026-11-25 14:24:30.028673','2026-11-25 14:24:31.475791',NULL);
INSERT INTO "integrations" VALUES('2b614781-e48d-45fa-9450-f2f91c88b1a9','57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','Calendly','connected','{"mode": "slots"}',X'01C8DB24F16BCC6021ECBD6367D51B37DE9C90C430BF2D33554BFBA66E9B390E49C03B8233D9E77FEE5A51064DAD47FD1F68C5BE9AFF2148EC753134D7D53A592221F5EB02AFB78B2B71177E6CF67C78241DAC8060FDD66FC29453138B13E385309EF28CFFD87769F17EAD2B999C84CF35F76746995E80D9C0FF5B25FBE0E3CBA179',NULL,NULL,'{"access_token": "\u2026oken", "webhook_signing_key": "\u20260001"}',NULL,'{}','2026-11-25 14:24:30.508246','2026-11-25 14:24:30.099083',NULL,'2026-11-25 14:24:30.081034','2026-11-25 14:24:30.081034',NULL);
INSERT INTO "integrations" VALUES('f0fd9017-08d5-41e0-96a9-162048435f6b','57953364-dc0f-4cb6-b63a-9508f5bd20f1','form','Web form','connected','{}',X'01C8DB24F16BCC60218996476FB65328D8D68333B1D6DC8F32EEECA86B020B127962D85BF094F4BFED54305FED6C179F862A79EA62EE76C06F0E25641EF7599631FF544BE1F93D91959FF4F4BC260970A679D8E1494EEAF397',X'01C8DB24F16BCC6021DF5C6DDF55A27F6EC4264D6E065B67C1E20DFF04F682D3445011B6AFAE7B8B8587CD0B74529475CC445B71B3CA8AC68CE0CA337280B0914F8A0FF2157C1BEF3872B1FFE8311E92FE16586B285409FDD5','2026-11-26 14:24:33.047134','{"secret": "\u2026MDAy"}',NULL,'{}',NULL,'2026-11-25 14:24:33.032081',NULL,'2026-11-25 14:24:33.027774','2026-11-25 14:24:33.047134',NULL);
CREATE TABLE key_checks (
	key_id VARCHAR(32) NOT NULL, 
	sealed BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_key_checks PRIMARY KEY (key_id)
);
INSERT INTO "key_checks" VALUES('c8db24f16bcc6021',X'01C8DB24F16BCC6021031687B672C2A626399F6A31B57130F1B7E32B871A7BEAE67991284173C72BA7DE9DCD5F','2026-11-25 14:24:29.971049');
CREATE TABLE lanes (
	lead_id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	holder VARCHAR(64), 
	fence BIGINT NOT NULL, 
	leased_until BIGINT, 
	due_at DATETIME, 
	CONSTRAINT pk_lanes PRIMARY KEY (lead_id), 
	CONSTRAINT fk_lanes_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_lanes_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
INSERT INTO "lanes" VALUES('4d5bb638-e2d5-413c-976f-e488acc7c1e8','57953364-dc0f-4cb6-b63a-9508f5bd20f1',NULL,3,NULL,NULL);
INSERT INTO "lanes" VALUES('679ac3bc-30f0-426a-92dc-fa16d35aba8f','57953364-dc0f-4cb6-b63a-9508f5bd20f1',NULL,1,NULL,NULL);
INSERT INTO "lanes" VALUES('a42cfa5b-04af-447c-9b20-ee93999a02b2','57953364-dc0f-4cb6-b63a-9508f5bd20f1',NULL,1,NULL,NULL);
CREATE TABLE lead_changes (
	seq INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	"before" TEXT, 
	"after" TEXT, 
	actor VARCHAR(320) NOT NULL, 
	reason TEXT NOT NULL, 
	event_id VARCHAR(36), 
	run_id VARCHAR(36), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_lead_changes PRIMARY KEY (seq), 
	CONSTRAINT fk_lead_changes_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_lead_changes_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT uq_lead_changes_id UNIQUE (id)
);
INSERT INTO "lead_changes" VALUES(1,'41f09587-607d-4e41-a7f4-3336509ed080','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','status','new','meeting_offered','agent','offer sent','687cc4f3-9446-40fb-852f-96e065494e7c','8488f180-518e-43b8-b418-12a14bea1e90','2026-11-25 14:24:30.287587');
INSERT INTO "lead_changes" VALUES(2,'a54e08a8-3246-4e2e-befd-f3287bf3da6c','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','status','meeting_offered','meeting_scheduled','calendly','booked in the conversation',NULL,'ec58036b-3ebb-4a19-96e3-32610fae59c2','2026-11-25 14:24:30.404466');
INSERT INTO "lead_changes" VALUES(3,'b98985c0-ce29-4197-ac9d-6678a5c63e98','57953364-dc0f-4cb6-b63a-9508f5bd20f1','679ac3bc-30f0-426a-92dc-fa16d35aba8f','status','new','contacted','agent','answered','0cd387cb-88ef-4979-98c4-10b2448ad725','126a272c-a3d4-4186-ad0a-6911a07f3e86','2026-11-25 14:24:31.534045');
INSERT INTO "lead_changes" VALUES(4,'b5b689d5-9ff5-46cb-ae46-ed674f5876a5','57953364-dc0f-4cb6-b63a-9508f5bd20f1','a42cfa5b-04af-447c-9b20-ee93999a02b2','status','new','meeting_offered','agent','offer sent','a308a71e-ad22-4d41-96c7-72f4ce1781be','c4cc4d60-927f-45b2-9b1e-0c1a19c7226f','2026-11-25 14:24:33.088623');
INSERT INTO "lead_changes" VALUES(5,'e9d6cf70-e7a9-4d3a-9513-f0f7379682c0','57953364-dc0f-4cb6-b63a-9508f5bd20f1','a42cfa5b-04af-447c-9b20-ee93999a02b2','agent','active','paused','admin@pipewise.local','took the conversation',NULL,NULL,'2026-11-25 14:24:34.598338');
CREATE TABLE leads (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	name VARCHAR(200), 
	email VARCHAR(320), 
	phone VARCHAR(32), 
	company VARCHAR(200), 
	status VARCHAR(32) NOT NULL, 
	status_before_opt_out VARCHAR(32), 
	owner VARCHAR(320), 
	score INTEGER, 
	qualified BOOLEAN, 
	timezone VARCHAR(64), 
	timezone_certain BOOLEAN NOT NULL, 
	language VARCHAR(16), 
	tags JSON NOT NULL, 
	facts JSON NOT NULL, 
	agent VARCHAR(16) NOT NULL, 
	opted_out BOOLEAN NOT NULL, 
	ownership_version INTEGER NOT NULL, 
	checkpoint_id VARCHAR(64), 
	consent BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	last_inbound_at DATETIME, 
	last_outbound_at DATETIME, 
	CONSTRAINT pk_leads PRIMARY KEY (id), 
	CONSTRAINT fk_leads_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE
);
INSERT INTO "leads" VALUES('4d5bb638-e2d5-413c-976f-e488acc7c1e8','57953364-dc0f-4cb6-b63a-9508f5bd20f1','Ana Silva','ana@silva.example','+351911222333',NULL,'meeting_scheduled',NULL,NULL,NULL,NULL,'Europe/Lisbon',0,'en','[]','{}','active',0,0,'1f1e8dbe-d706-6d46-8010-e90a3c22de8c',0,'2026-11-25 14:24:30.113915','2026-11-25 14:24:30.426765','2026-11-25 14:24:30.000000','2026-11-25 14:24:30.445945');
INSERT INTO "leads" VALUES('679ac3bc-30f0-426a-92dc-fa16d35aba8f','57953364-dc0f-4cb6-b63a-9508f5bd20f1','Ana Silva',NULL,'+351911222444',NULL,'contacted',NULL,NULL,15,NULL,NULL,0,'en','[]','{"company_size": {"value": "40", "quote": "40 people", "message_id": "0cd387cb-88ef-4979-98c4-10b2448ad725", "at": "2026-11-25T14:24:31.522929+00:00", "history": []}}','active',0,0,'1f1e8dbe-e196-6a60-8007-e64320105e7e',0,'2026-11-25 14:24:31.502718','2026-11-25 14:24:31.534045','2026-11-25 14:24:31.000000',NULL);
INSERT INTO "leads" VALUES('a42cfa5b-04af-447c-9b20-ee93999a02b2','57953364-dc0f-4cb6-b63a-9508f5bd20f1','Bea Costa','bea@costa.example',NULL,NULL,'meeting_offered',NULL,'admin@pipewise.local',NULL,NULL,'Europe/Lisbon',0,'en','[]','{}','paused',0,1,'1f1e8dbe-f068-6e02-8007-bf308dc96103',0,'2026-11-25 14:24:33.010783','2026-11-25 14:24:34.598338',NULL,NULL);
CREATE TABLE meetings (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	integration_id VARCHAR(36), 
	intent_key VARCHAR(64), 
	status VARCHAR(16) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	event_type TEXT NOT NULL, 
	title TEXT NOT NULL, 
	event_uri TEXT, 
	invitee_uri VARCHAR(512), 
	start_time DATETIME NOT NULL, 
	end_time DATETIME, 
	timezone VARCHAR(64) NOT NULL, 
	invitee JSON NOT NULL, 
	join_url TEXT, 
	links BLOB, 
	history JSON NOT NULL, 
	version INTEGER NOT NULL, 
	run_id VARCHAR(36), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_meetings PRIMARY KEY (id), 
	CONSTRAINT fk_meetings_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_meetings_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT uq_meetings_account_id_invitee_uri UNIQUE (account_id, invitee_uri), 
	CONSTRAINT uq_meetings_intent_key UNIQUE (intent_key)
);
INSERT INTO "meetings" VALUES('6e417fce-185b-4cc8-a1ab-5567049a61fa','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','2b614781-e48d-45fa-9450-f2f91c88b1a9','b77c0556-3944-57e4-b168-58c1eed58202','scheduled','pipewise','https://api.calendly.com/event_types/5fcfc141-2889-406f-ba51-e7d2e24c3d81','Discovery call','https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52','https://api.calendly.com/scheduled_events/3bf9b186-2783-4433-bd65-ee681e4e2a52/invitees/db969f21-71df-4138-9158-3b04cac105ac','2026-11-26 09:00:00.000000','2026-11-26 09:30:00.000000','Europe/Lisbon','{"email": "ana@silva.example", "name": "Ana Silva"}',NULL,X'01C8DB24F16BCC60212BC12FC532C3324C95D75233CC4BEB475412476BD6A119AE72995C6AA8065CEEAE26D91290421D6C99BD6AF591ABA701F1FE35D4848B3B0DAFAECBC542907CF85FADC26652F4AB6EDCFF59457C67FE2A5F6A2E2C13E66545808F30FB30E0181DD47C2B0DB4F04CAD8759EB0D3BCF187926F23BA51787DE233966547B0924246FAD6EC30483507F86EFFC4B5C59DB064CE5A38A8AC138CEFB0C825244421822AC40B2E2CE97C2A2E1CF182EAF6D1872BDDE06C5AC4D644E57C4C9DBD4E76FA80E450BAC5912FD78E76FE0','[]',1,'ec58036b-3ebb-4a19-96e3-32610fae59c2','2026-11-25 14:24:30.393092','2026-11-25 14:24:30.414907');
CREATE TABLE messages (
	seq INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	direction VARCHAR(3) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	author VARCHAR(16) NOT NULL, 
	text TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	external_id VARCHAR(512), 
	event_id VARCHAR(36), 
	run_id VARCHAR(36), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (seq), 
	CONSTRAINT fk_messages_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_messages_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT uq_messages_id UNIQUE (id)
);
INSERT INTO "messages" VALUES(1,'4c87e5e5-f44d-4801-bcf4-76a0faee76f8','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','in','whatsapp','lead','Schedule a demo','received','wamid.MzUxOTExMjIyMzMzOjZEMEEzMTY4QzU5M0M4MTA0Mzg5','687cc4f3-9446-40fb-852f-96e065494e7c',NULL,'2026-11-25 14:24:30.113915');
INSERT INTO "messages" VALUES(2,'9ce359be-f25d-560a-8326-ef1e08b37304','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','out','whatsapp','agent','Here are times that are free (Europe/Lisbon, UTC+0):
1. Wed 25 Nov, 16:30
2. Thu 26 Nov, 09:00
3. Fri 27 Nov, 09:00
Reply with a number, or tell me what suits you better.

You are talking to an automated assistant of our team; a colleague can take over at any time.','read','wamid.MzUxOTExMjIyMzMzOjRDODcyRjEyNzhDNUZDODkyRTc3',NULL,'8488f180-518e-43b8-b418-12a14bea1e90','2026-11-25 14:24:30.287587');
INSERT INTO "messages" VALUES(3,'478cc61b-4dbb-4008-a66c-98fe571e08da','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','in','whatsapp','lead','the second one, ana@silva.example','received','wamid.MzUxOTExMjIyMzMzOkE4QkMwQkY5NDJCNTdBMzlBOTM3','36897ce8-baa7-4132-bb6c-73b1b0b586e0',NULL,'2026-11-25 14:24:30.330020');
INSERT INTO "messages" VALUES(4,'112354a6-abab-5425-8932-0e866f96f698','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','out','whatsapp','agent','You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.
Reference: 3bf9b186-2783-4433-bd65-ee681e4e2a52','read','wamid.MzUxOTExMjIyMzMzOkE1QUI0MEMwMDY5OTVENkFBREZB',NULL,'ec58036b-3ebb-4a19-96e3-32610fae59c2','2026-11-25 14:24:30.426765');
INSERT INTO "messages" VALUES(5,'ef3591f6-deac-46c5-a468-cdca3d20c3a1','57953364-dc0f-4cb6-b63a-9508f5bd20f1','679ac3bc-30f0-426a-92dc-fa16d35aba8f','in','whatsapp','lead','what does it cost for 40 people?','received','wamid.MzUxOTExMjIyNDQ0OjAyQkRFNDcwQkQxQThBMUZGNUY2','0cd387cb-88ef-4979-98c4-10b2448ad725',NULL,'2026-11-25 14:24:31.502718');
INSERT INTO "messages" VALUES(6,'e4727115-de49-4947-b5b8-8297941f231d','57953364-dc0f-4cb6-b63a-9508f5bd20f1','a42cfa5b-04af-447c-9b20-ee93999a02b2','in','api','lead','call me','received','api:golden-1','a308a71e-ad22-4d41-96c7-72f4ce1781be',NULL,'2026-11-25 14:24:33.010783');
CREATE TABLE outbox (
	seq INTEGER NOT NULL, 
	message_id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	integration_id VARCHAR(36) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	recipient VARCHAR(320) NOT NULL, 
	payload JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	proactive BOOLEAN NOT NULL, 
	author VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	error JSON, 
	not_before DATETIME, 
	expires_at DATETIME, 
	claimed_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (seq), 
	CONSTRAINT fk_outbox_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_outbox_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE, 
	CONSTRAINT fk_outbox_message_id_messages FOREIGN KEY(message_id) REFERENCES messages (id) ON DELETE CASCADE, 
	CONSTRAINT uq_outbox_message_id UNIQUE (message_id)
);
INSERT INTO "outbox" VALUES(1,'9ce359be-f25d-560a-8326-ef1e08b37304','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','80134e05-3a24-4f64-bb23-5890118f8723','whatsapp','351911222333','{"text": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:00\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "choices": [{"id": "slot_1", "title": "Wed 25 Nov, 16:30", "description": "Europe/Lisbon, UTC+0"}, {"id": "slot_2", "title": "Thu 26 Nov, 09:00", "description": "Europe/Lisbon, UTC+0"}, {"id": "slot_3", "title": "Fri 27 Nov, 09:00", "description": "Europe/Lisbon, UTC+0"}], "choices_label": "Discovery call", "link": null, "template": null, "reply_to": null}','done',0,'agent',1,NULL,NULL,NULL,'2026-11-25 14:24:30.308223','2026-11-25 14:24:30.287587');
INSERT INTO "outbox" VALUES(2,'112354a6-abab-5425-8932-0e866f96f698','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','80134e05-3a24-4f64-bb23-5890118f8723','whatsapp','351911222333','{"text": "You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.\nReference: 3bf9b186-2783-4433-bd65-ee681e4e2a52", "choices": [], "choices_label": "", "link": null, "template": null, "reply_to": null}','sending',0,'agent',1,NULL,NULL,NULL,'2026-11-25 14:24:30.436300','2026-11-25 14:24:30.426765');
CREATE TABLE runs (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36) NOT NULL, 
	"trigger" VARCHAR(16) NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	record JSON NOT NULL, 
	checkpoint_id VARCHAR(64), 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT fk_runs_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_runs_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
INSERT INTO "runs" VALUES('8488f180-518e-43b8-b418-12a14bea1e90','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','webhook','committed','{"events": ["687cc4f3-9446-40fb-852f-96e065494e7c"], "intent": {"label": "meeting_request", "confidence": 0.963, "evidence": "Schedule a demo", "runner_up": null, "by": "offline"}, "intents": [{"label": "meeting_request", "confidence": 0.963, "evidence": "Schedule a demo", "runner_up": null, "by": "offline"}], "route": "scheduler", "tool_calls": [{"type": "tool_call", "tool": "get_calendly_event_types", "arguments": {}, "result": {"kind": "event_types", "event_types": [{"handle": "type_1", "name": "Discovery call", "minutes": 30}, {"handle": "type_2", "name": "On-site consultation", "minutes": 45}]}}, {"type": "tool_call", "tool": "find_best_meeting_slot", "arguments": {"event_type": null, "wish": "Schedule a demo"}, "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:00:00+00:00", "label": "Thu 26 Nov, 09:00"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}}], "actions": [{"type": "tool_call", "tool": "get_calendly_event_types", "arguments": {}, "result": {"kind": "event_types", "event_types": [{"handle": "type_1", "name": "Discovery call", "minutes": 30}, {"handle": "type_2", "name": "On-site consultation", "minutes": 45}]}}, {"type": "tool_call", "tool": "find_best_meeting_slot", "arguments": {"event_type": null, "wish": "Schedule a demo"}, "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:00:00+00:00", "label": "Thu 26 Nov, 09:00"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}}], "models": [{"platform": "model", "action": "schedule", "success": true, "response_time_ms": 5, "cost_microusd": 0, "model": "offline"}, {"platform": "model", "action": "schedule", "success": true, "response_time_ms": 0, "cost_microusd": 0, "model": "offline"}, {"platform": "model", "action": "schedule", "success": true, "response_time_ms": 1, "cost_microusd": 0, "model": "offline"}], "model": "offline", "cost_usd": 0.0, "reply": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:00\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:00:00+00:00", "label": "Thu 26 Nov, 09:00"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}, "error": null, "checks": [], "success": true, "versions": {"code": "0.1.0"}}','1f1e8dbe-d5b2-6f80-8007-44277eb6d294','2026-11-25 14:24:30.140941','2026-11-25 14:24:30.287587');
INSERT INTO "runs" VALUES('ec58036b-3ebb-4a19-96e3-32610fae59c2','57953364-dc0f-4cb6-b63a-9508f5bd20f1','4d5bb638-e2d5-413c-976f-e488acc7c1e8','webhook','committed','{"events": ["36897ce8-baa7-4132-bb6c-73b1b0b586e0"], "intent": {"label": "meeting_request", "confidence": 0.92, "evidence": "the second one, ana@silva.example", "runner_up": null, "by": "offline"}, "intents": [{"label": "meeting_request", "confidence": 0.92, "evidence": "the second one, ana@silva.example", "runner_up": null, "by": "offline"}], "route": "scheduler", "tool_calls": [{"type": "tool_call", "tool": "schedule_meeting_for_lead", "arguments": {"slot": "slot_2"}, "result": {"kind": "booked", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "title": "Discovery call", "email": "ana@silva.example", "join_url": null, "end": "2026-11-26T09:30:00+00:00", "start": "2026-11-26T09:00:00+00:00", "when": "Thu 26 Nov, 09:00", "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}}], "actions": [{"type": "tool_call", "tool": "schedule_meeting_for_lead", "arguments": {"slot": "slot_2"}, "result": {"kind": "booked", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "title": "Discovery call", "email": "ana@silva.example", "join_url": null, "end": "2026-11-26T09:30:00+00:00", "start": "2026-11-26T09:00:00+00:00", "when": "Thu 26 Nov, 09:00", "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}}], "models": [{"platform": "model", "action": "schedule", "success": true, "response_time_ms": 1, "cost_microusd": 0, "model": "offline"}, {"platform": "model", "action": "schedule", "success": true, "response_time_ms": 1, "cost_microusd": 0, "model": "offline"}], "model": "offline", "cost_usd": 0.0, "reply": "You''re booked: Discovery call, Thu 26 Nov, 09:00 (Europe/Lisbon, UTC+0). A calendar invitation goes to ana@silva.example.\nReference: 3bf9b186-2783-4433-bd65-ee681e4e2a52", "result": {"kind": "booked", "meeting_id": "6e417fce-185b-4cc8-a1ab-5567049a61fa", "reference": "3bf9b186-2783-4433-bd65-ee681e4e2a52", "title": "Discovery call", "email": "ana@silva.example", "join_url": null, "end": "2026-11-26T09:30:00+00:00", "start": "2026-11-26T09:00:00+00:00", "when": "Thu 26 Nov, 09:00", "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0"}, "error": null, "checks": [], "success": true, "versions": {"code": "0.1.0"}}','1f1e8dbe-d706-6d46-8010-e90a3c22de8c','2026-11-25 14:24:30.354220','2026-11-25 14:24:30.426765');
INSERT INTO "runs" VALUES('126a272c-a3d4-4186-ad0a-6911a07f3e86','57953364-dc0f-4cb6-b63a-9508f5bd20f1','679ac3bc-30f0-426a-92dc-fa16d35aba8f','webhook','committed','{"events": ["0cd387cb-88ef-4979-98c4-10b2448ad725"], "intent": {"label": "lead_inquiry", "confidence": 0.984, "evidence": "what does it cost", "runner_up": null, "by": "offline"}, "intents": [{"label": "lead_inquiry", "confidence": 0.984, "evidence": "what does it cost", "runner_up": null, "by": "offline"}], "route": "qualifier", "tool_calls": [], "actions": [{"type": "fact", "field": "company_size", "value": "40", "quote": "40 people", "message_id": "0cd387cb-88ef-4979-98c4-10b2448ad725"}], "models": [{"platform": "model", "action": "qualify", "success": true, "response_time_ms": 0, "cost_microusd": 0, "model": "offline"}], "model": "offline", "cost_usd": 0.0, "reply": "Thank you for your interest. What would you like to solve or improve?\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "result": {}, "error": null, "checks": [], "success": true, "versions": {"code": "0.1.0"}}','1f1e8dbe-e196-6a60-8007-e64320105e7e','2026-11-25 14:24:31.518669','2026-11-25 14:24:31.534045');
INSERT INTO "runs" VALUES('c4cc4d60-927f-45b2-9b1e-0c1a19c7226f','57953364-dc0f-4cb6-b63a-9508f5bd20f1','a42cfa5b-04af-447c-9b20-ee93999a02b2','webhook','committed','{"events": ["a308a71e-ad22-4d41-96c7-72f4ce1781be"], "intent": {"label": "meeting_request", "confidence": 0.811, "evidence": "call me", "runner_up": null, "by": "offline"}, "intents": [{"label": "meeting_request", "confidence": 0.811, "evidence": "call me", "runner_up": null, "by": "offline"}], "route": "scheduler", "tool_calls": [{"type": "tool_call", "tool": "get_calendly_event_types", "arguments": {}, "result": {"kind": "event_types", "event_types": [{"handle": "type_1", "name": "Discovery call", "minutes": 30}, {"handle": "type_2", "name": "On-site consultation", "minutes": 45}]}}, {"type": "tool_call", "tool": "find_best_meeting_slot", "arguments": {"event_type": null, "wish": "call me"}, "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:30:00+00:00", "label": "Thu 26 Nov, 09:30"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}}], "actions": [{"type": "tool_call", "tool": "get_calendly_event_types", "arguments": {}, "result": {"kind": "event_types", "event_types": [{"handle": "type_1", "name": "Discovery call", "minutes": 30}, {"handle": "type_2", "name": "On-site consultation", "minutes": 45}]}}, {"type": "tool_call", "tool": "find_best_meeting_slot", "arguments": {"event_type": null, "wish": "call me"}, "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:30:00+00:00", "label": "Thu 26 Nov, 09:30"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}}], "models": [{"platform": "model", "action": "schedule", "success": true, "response_time_ms": 1, "cost_microusd": 0, "model": "offline"}, {"platform": "model", "action": "schedule", "success": true, "response_time_ms": 1, "cost_microusd": 0, "model": "offline"}, {"platform": "model", "action": "schedule", "success": true, "response_time_ms": 0, "cost_microusd": 0, "model": "offline"}], "model": "offline", "cost_usd": 0.0, "reply": "Here are times that are free (Europe/Lisbon, UTC+0):\n1. Wed 25 Nov, 16:30\n2. Thu 26 Nov, 09:30\n3. Fri 27 Nov, 09:00\nReply with a number, or tell me what suits you better.\n\nYou are talking to an automated assistant of our team; a colleague can take over at any time.", "result": {"kind": "offer", "reason": "fits", "title": "Discovery call", "minutes": 30, "timezone": "Europe/Lisbon", "timezone_label": "Europe/Lisbon, UTC+0", "slots": [{"handle": "slot_1", "start": "2026-11-25T16:30:00+00:00", "label": "Wed 25 Nov, 16:30"}, {"handle": "slot_2", "start": "2026-11-26T09:30:00+00:00", "label": "Thu 26 Nov, 09:30"}, {"handle": "slot_3", "start": "2026-11-27T09:00:00+00:00", "label": "Fri 27 Nov, 09:00"}]}, "error": null, "checks": [], "success": true, "versions": {"code": "0.1.0"}}','1f1e8dbe-f068-6e02-8007-bf308dc96103','2026-11-25 14:24:33.039489','2026-11-25 14:24:33.088623');
CREATE TABLE tasks (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	lead_id VARCHAR(36), 
	kind VARCHAR(32) NOT NULL, 
	title TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	owner VARCHAR(320), 
	status VARCHAR(16) NOT NULL, 
	due_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT fk_tasks_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_tasks_lead_id_leads FOREIGN KEY(lead_id) REFERENCES leads (id) ON DELETE CASCADE
);
INSERT INTO "tasks" VALUES('5533e6a8-017c-44eb-bcdc-921be36939e6','57953364-dc0f-4cb6-b63a-9508f5bd20f1','a42cfa5b-04af-447c-9b20-ee93999a02b2','unreachable','A lead cannot be answered by any connected platform','Here are times that are free (Europe/Lisbon, UTC+0):
1. Wed 25 Nov, 16:30
2. Thu 26 Nov, 09:30
3. Fri 27 Nov, 09:00
Reply with a number, or tell me what suits you better.

You are talking to an automated assistant of our team; a colleague can take over at any time.','admin@pipewise.local','open',NULL,'2026-11-25 14:24:33.088623','2026-11-25 14:24:33.088623');
CREATE TABLE usage (
	seq INTEGER NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	success BOOLEAN NOT NULL, 
	response_time_ms INTEGER NOT NULL, 
	cost_microusd BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_usage PRIMARY KEY (seq), 
	CONSTRAINT fk_usage_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE
);
INSERT INTO "usage" VALUES(1,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','test',1,36,0,'2026-11-25 14:24:30.069069');
INSERT INTO "usage" VALUES(2,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','test',1,16,0,'2026-11-25 14:24:30.099083');
INSERT INTO "usage" VALUES(3,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,5,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(4,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,0,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(5,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,1,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(6,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','event_types',1,1,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(7,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','available_times',1,5,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(8,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','run',1,146,0,'2026-11-25 14:24:30.287587');
INSERT INTO "usage" VALUES(9,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,1,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(10,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,1,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(11,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','event_type',1,2,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(12,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','available_times',1,2,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(13,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','schedule_meeting',1,28,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(14,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','run',1,71,0,'2026-11-25 14:24:30.426765');
INSERT INTO "usage" VALUES(15,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','qualify',1,0,0,'2026-11-25 14:24:31.534045');
INSERT INTO "usage" VALUES(16,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','whatsapp','run',1,15,0,'2026-11-25 14:24:31.534045');
INSERT INTO "usage" VALUES(17,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','form','test',1,0,0,'2026-11-25 14:24:33.032081');
INSERT INTO "usage" VALUES(18,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,1,0,'2026-11-25 14:24:33.088623');
INSERT INTO "usage" VALUES(19,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,1,0,'2026-11-25 14:24:33.088623');
INSERT INTO "usage" VALUES(20,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','model','schedule',1,0,0,'2026-11-25 14:24:33.088623');
INSERT INTO "usage" VALUES(21,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','event_types',1,2,0,'2026-11-25 14:24:33.088623');
INSERT INTO "usage" VALUES(22,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','calendly','available_times',1,5,0,'2026-11-25 14:24:33.088623');
INSERT INTO "usage" VALUES(23,'57953364-dc0f-4cb6-b63a-9508f5bd20f1','api','run',1,48,0,'2026-11-25 14:24:33.088623');
CREATE TABLE users (
	id VARCHAR(36) NOT NULL, 
	account_id VARCHAR(36) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT fk_users_account_id_accounts FOREIGN KEY(account_id) REFERENCES accounts (id) ON DELETE CASCADE, 
	CONSTRAINT uq_users_email UNIQUE (email)
);
INSERT INTO "users" VALUES('57953364-dc0f-4cb6-b63a-9508f5bd20f1','57953364-dc0f-4cb6-b63a-9508f5bd20f1','admin@pipewise.local','admin','2026-11-25 14:24:29.973411');
CREATE INDEX ix_integrations_account_id_platform ON integrations (account_id, platform);
CREATE INDEX ix_integrations_platform_account_ref ON integrations (platform, account_ref);
CREATE INDEX ix_leads_account_id_created_at ON leads (account_id, created_at);
CREATE INDEX ix_leads_account_id_status ON leads (account_id, status);
CREATE INDEX ix_usage_account_id_created_at ON usage (account_id, created_at);
CREATE INDEX ix_users_account_id ON users (account_id);
CREATE INDEX ix_approvals_account_id_status_created_at ON approvals (account_id, status, created_at);
CREATE INDEX ix_events_account_id_status_seq ON events (account_id, status, seq);
CREATE INDEX ix_events_open ON events (lead_id, status, occurred_at, seq);
CREATE INDEX ix_events_ref ON events (ref);
CREATE UNIQUE INDEX uq_events_own_dedupe_key ON events (account_id, dedupe_key) WHERE integration_id IS NULL;
CREATE INDEX ix_identities_lead_id ON identities (lead_id);
CREATE INDEX ix_lanes_due_at ON lanes (due_at);
CREATE INDEX ix_lanes_holder ON lanes (holder);
CREATE INDEX ix_lead_changes_lead_id_seq ON lead_changes (lead_id, seq);
CREATE INDEX ix_meetings_account_id_start_time ON meetings (account_id, start_time);
CREATE INDEX ix_meetings_lead_id_created_at ON meetings (lead_id, created_at);
CREATE INDEX ix_messages_account_id_external_id ON messages (account_id, external_id);
CREATE INDEX ix_messages_lead_id_seq ON messages (lead_id, seq);
CREATE INDEX ix_runs_lead_id_started_at ON runs (lead_id, started_at);
CREATE INDEX ix_tasks_account_id_status_created_at ON tasks (account_id, status, created_at);
CREATE INDEX ix_outbox_open ON outbox (lead_id, state, seq);
CREATE INDEX ix_outbox_state_claimed_at ON outbox (state, claimed_at);
COMMIT;
