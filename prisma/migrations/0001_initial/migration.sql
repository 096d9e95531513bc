-- Text for the search: without accents and capitals, in any script.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE EXTENSION IF NOT EXISTS "unaccent";

CREATE FUNCTION fold(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(lower((unaccent('unaccent'::regdictionary, regexp_replace(NORMALIZE($1, NFKD), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652]'::text, ''::text, 'g'::text)) COLLATE "und-x-icu")), 'ς’ʼ'::text, 'σ'''''::text);

-- As people write German and Scandinavian names where they lack the letters.
CREATE FUNCTION spell_out(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN replace(replace(replace(replace(replace(lower(NORMALIZE($1, NFC) COLLATE "und-x-icu"), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'å', 'aa'), 'ø', 'oe');

-- Scripts that put no spaces between words: each of their characters is a word here.
CREATE FUNCTION spaced(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN regexp_replace(regexp_replace($1, '([\u0e00-\u0eff\u1000-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g'), ' +', ' ', 'g');

-- What a row of the list shows.
CREATE FUNCTION search_text_of(name text, orcid text, local_id text, department text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN fold(' ' || coalesce(name, '') || ' ' || orcid || ' ' || coalesce(local_id, '') || ' ' || coalesce(department, '')
  || CASE WHEN NORMALIZE(coalesce(name, '') || coalesce(department, ''), NFC) ~ '[äöüåøÄÖÜÅØ]'
       THEN ' ' || spell_out(coalesce(name, '') || ' ' || coalesce(department, '')) ELSE '' END
  || CASE WHEN name <> spaced(name) THEN spaced(name) ELSE '' END);

-- CreateEnum
CREATE TYPE "affiliation_kind" AS ENUM ('employment', 'education', 'qualification', 'membership', 'service', 'invited_position', 'distinction', 'work');

-- CreateEnum
CREATE TYPE "affiliation_origin" AS ENUM ('entered', 'imported', 'system');

-- CreateEnum
CREATE TYPE "affiliation_removal" AS ENUM ('staff', 'person');

-- CreateEnum
CREATE TYPE "affiliation_state" AS ENUM ('waiting_for_person', 'to_be_confirmed', 'waiting_for_answer', 'pending', 'in_orcid', 'updating', 'deleted_by_person', 'refused', 'no_permission', 'no_token', 'person_withdrew', 'waiting_for_orcid', 'deleting', 'deleted', 'already_there');

-- CreateEnum
CREATE TYPE "attempt_purpose" AS ENUM ('connect', 'sign_in', 'narrow', 'trial');

-- CreateEnum
CREATE TYPE "attempt_state" AS ENUM ('started', 'exchanging', 'recovering', 'saved', 'ended');

-- CreateEnum
CREATE TYPE "attempt_outcome" AS ENUM ('connected', 'updated', 'already_connected', 'fewer', 'different_id', 'signed_in', 'denied', 'nothing_came_back', 'expired', 'code_expired', 'orcid_refused', 'orcid_unavailable', 'not_saved', 'narrowed', 'answer_lost', 'tried');

-- CreateEnum
CREATE TYPE "subject_proof" AS ENUM ('none', 'invitation', 'campus', 'staff');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('researcher', 'staff', 'api', 'system');

-- CreateEnum
CREATE TYPE "call_purpose" AS ENUM ('check', 'read', 'public', 'affiliation', 'trial', 'delegation');

-- CreateEnum
CREATE TYPE "call_outcome" AS ENUM ('ok', 'invalid_token', 'wrong_record', 'insufficient_scope', 'client_refused', 'deprecated', 'deactivated', 'locked', 'not_found', 'conflict', 'invalid', 'rate_limited', 'unavailable');

-- CreateEnum
CREATE TYPE "finding" AS ENUM ('good', 'insufficient', 'wrong_record', 'record_locked', 'withdrawn_at_orcid', 'record_deprecated', 'record_deactivated', 'unanswered', 'being_checked');

-- CreateEnum
CREATE TYPE "check_reason" AS ENUM ('schedule', 'page', 'staff', 'met');

-- CreateEnum
CREATE TYPE "erasure_reason" AS ENUM ('own_request', 'asked', 'objected', 'left', 'obligation', 'mistake', 'repeated');

-- CreateEnum
CREATE TYPE "export_state" AS ENUM ('running', 'done', 'cancelled', 'failed');

-- CreateEnum
CREATE TYPE "figure" AS ENUM ('connected', 'first_connected', 'withdrew', 'people', 'people_connected');

-- CreateEnum
CREATE TYPE "grant_state" AS ENUM ('live', 'superseded', 'withdrawn_here', 'ended_here', 'withdrawn_at_orcid', 'expired', 'code_reused', 'record_deprecated', 'record_deactivated');

-- CreateEnum
CREATE TYPE "registry" AS ENUM ('production', 'sandbox', 'local');

-- CreateEnum
CREATE TYPE "replica_kind" AS ENUM ('portal', 'worker');

-- CreateEnum
CREATE TYPE "import_kind" AS ENUM ('people', 'affiliations', 'works');

-- CreateEnum
CREATE TYPE "import_state" AS ENUM ('reading', 'preview', 'held', 'saving', 'saved', 'undoing', 'undone', 'discarded');

-- CreateEnum
CREATE TYPE "import_verdict" AS ENUM ('added', 'changed', 'unchanged', 'perhaps', 'leaving', 'removed', 'refused');

-- CreateEnum
CREATE TYPE "import_decision" AS ENUM ('same', 'added');

-- CreateEnum
CREATE TYPE "person_kind" AS ENUM ('staff', 'student', 'guest');

-- CreateEnum
CREATE TYPE "person_state" AS ENUM ('active', 'leaving', 'paused', 'left');

-- CreateEnum
CREATE TYPE "person_origin" AS ENUM ('connected', 'entered', 'imported');

-- CreateEnum
CREATE TYPE "binding_proof" AS ENUM ('connection', 'staff', 'import', 'roster', 'invitation', 'campus');

-- CreateEnum
CREATE TYPE "binding_end" AS ENUM ('replaced', 'not_me', 'staff');

-- CreateEnum
CREATE TYPE "conflict_kind" AS ENUM ('one_id_two_people', 'one_person_two_ids', 'names_differ', 'other_id_known', 'two_people_are_one', 'proposal');

-- CreateEnum
CREATE TYPE "conflict_resolution" AS ENUM ('bound', 'kept', 'merged', 'split');

-- CreateEnum
CREATE TYPE "batch_action" AS ENUM ('mark_leaving', 'add_items');

-- CreateEnum
CREATE TYPE "batch_step_state" AS ENUM ('planned', 'done', 'left_out', 'undone', 'kept');

-- CreateEnum
CREATE TYPE "researcher_state" AS ENUM ('connected', 'identity_only', 'withdrawn', 'expired');

-- CreateEnum
CREATE TYPE "restore_evidence" AS ENUM ('command', 'ledger_ahead', 'ledger_missing', 'moved');

-- CreateEnum
CREATE TYPE "ledger_kind" AS ENUM ('granted', 'ended', 'erased', 'declined', 'suppressed', 'stopped', 'objected');

-- CreateEnum
CREATE TYPE "revocation_reason" AS ENUM ('superseded', 'withdrawn', 'not_me', 'left', 'not_recorded', 'answer_invalid', 'recovered', 'ended_at_orcid', 'erased', 'trial');

-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('viewer', 'manager', 'admin');

-- CreateEnum
CREATE TYPE "trial_step_kind" AS ENUM ('callback', 'exchange', 'repeat', 'check', 'read', 'section', 'add', 'delete', 'revoke');

-- CreateEnum
CREATE TYPE "campaign_kind" AS ENUM ('ask', 'expiring', 'check_up');

-- CreateEnum
CREATE TYPE "campaign_state" AS ENUM ('draft', 'open', 'paused', 'closed');

-- CreateEnum
CREATE TYPE "campaign_pause" AS ENUM ('staff', 'failures');

-- CreateEnum
CREATE TYPE "campaign_audience" AS ENUM ('not_connected', 'allowed_less', 'failed_on_the_way');

-- CreateEnum
CREATE TYPE "mailing_state" AS ENUM ('to_be_approved', 'first', 'to_be_looked_at', 'sending', 'done', 'stopped', 'taken_back');

-- CreateEnum
CREATE TYPE "invitation_end" AS ENUM ('allowed', 'kept', 'declined', 'left', 'closed', 'revoked');

-- CreateEnum
CREATE TYPE "do_not_ask_reason" AS ENUM ('refused', 'asked');

-- CreateEnum
CREATE TYPE "mail_kind" AS ENUM ('invitation', 'link', 'correction', 'test', 'notice');

-- CreateEnum
CREATE TYPE "mail_state" AS ENUM ('waiting', 'sending', 'sent', 'perhaps_sent', 'refused', 'suppressed', 'withheld');

-- CreateEnum
CREATE TYPE "mail_suppression_reason" AS ENUM ('unsubscribed', 'bounced', 'complained', 'staff');

-- CreateEnum
CREATE TYPE "system_operator" AS ENUM ('institution', 'processor', 'member');

-- CreateEnum
CREATE TYPE "system_stop_kind" AS ENUM ('paused', 'stopped');

-- CreateEnum
CREATE TYPE "api_key_kind" AS ENUM ('key', 'client');

-- CreateEnum
CREATE TYPE "works_preference" AS ENUM ('ask', 'automatic', 'never');

-- CreateTable
CREATE TABLE "affiliation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "researcher_id" UUID,
    "kind" "affiliation_kind" NOT NULL,
    "external_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "department" TEXT,
    "start_on" TEXT,
    "end_on" TEXT,
    "url" TEXT,
    "origin" "affiliation_origin" NOT NULL,
    "state" "affiliation_state" NOT NULL DEFAULT 'pending',
    "removal" "affiliation_removal",
    "revision" INTEGER NOT NULL DEFAULT 1,
    "written_revision" INTEGER,
    "posted_revision" INTEGER,
    "put_code" TEXT,
    "reason" TEXT,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "written_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claim_id" UUID,
    "claimed_until" TIMESTAMPTZ(3),
    "search_text" TEXT GENERATED ALWAYS AS (search_text_of("title", '', NULL, "department")) STORED,
    "misplaced" BOOLEAN NOT NULL DEFAULT false,
    "system_id" UUID,
    "work" JSONB,
    "asks" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "affiliation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "affiliation_draft" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "made_by_id" UUID NOT NULL,
    "affiliation_id" UUID,
    "content" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_at" TIMESTAMPTZ(3),

    CONSTRAINT "affiliation_draft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "writing_confirmation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "confirmed_by_id" UUID NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "preview" JSONB NOT NULL,

    CONSTRAINT "writing_confirmation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "authorization_attempt" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "reference" TEXT NOT NULL,
    "purpose" "attempt_purpose" NOT NULL,
    "state" "attempt_state" NOT NULL DEFAULT 'started',
    "outcome" "attempt_outcome",
    "scopes_asked" TEXT[],
    "registry" "registry" NOT NULL,
    "client_id" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "shown_text_hash" TEXT,
    "subject_proof" "subject_proof" NOT NULL DEFAULT 'none',
    "started_by_id" UUID,
    "secret_hash" TEXT NOT NULL,
    "state_hash" TEXT NOT NULL,
    "sealed_code" TEXT,
    "sealed_return" TEXT,
    "recovery_tries" SMALLINT NOT NULL DEFAULT 0,
    "next_recovery_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "researcher_id" UUID,
    "staff_invitation_id" UUID,
    "campaign_id" UUID,
    "invitation_id" UUID,
    "link_id" UUID,
    "at_desk" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "authorization_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shown_text" (
    "hash" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "first_shown_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shown_text_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "action" TEXT NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "researcher_id" UUID,
    "attempt_id" UUID,
    "grant_id" UUID,
    "request_id" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_checkpoint" (
    "number" INTEGER NOT NULL,
    "first_event_id" BIGINT NOT NULL,
    "last_event_id" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "digests" BYTEA NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "orcid_call" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "purpose" "call_purpose" NOT NULL,
    "researcher_id" UUID,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "outcome" "call_outcome" NOT NULL,
    "status" SMALLINT,
    "error_code" INTEGER,
    "latency_ms" INTEGER NOT NULL,
    "tries" SMALLINT NOT NULL,

    CONSTRAINT "orcid_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE UNLOGGED TABLE "orcid_rate_limit" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_slot_at" TIMESTAMPTZ(6) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "circuit_open_until" TIMESTAMPTZ(6),

    CONSTRAINT "orcid_rate_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_token" (
    "id" TEXT NOT NULL,
    "sealed_access_token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "obtained_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "client_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "foreign_answer" (
    "endpoint" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "status" SMALLINT NOT NULL,
    "content_type" TEXT,
    "server" TEXT,
    "title" TEXT,

    CONSTRAINT "foreign_answer_pkey" PRIMARY KEY ("endpoint")
);

-- CreateTable
CREATE TABLE "grant_check" (
    "id" BIGSERIAL NOT NULL,
    "grant_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finding" "finding" NOT NULL,
    "reason" "check_reason" NOT NULL,

    CONSTRAINT "grant_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suspicion" (
    "grant_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_asked_at" TIMESTAMPTZ(3) NOT NULL,
    "refusals" INTEGER NOT NULL DEFAULT 1,
    "control_said" TEXT NOT NULL,
    "userinfo_said" TEXT,

    CONSTRAINT "suspicion_pkey" PRIMARY KEY ("grant_id")
);

-- CreateTable
CREATE TABLE "erasure" (
    "researcher_id" UUID NOT NULL,
    "reason" "erasure_reason" NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("researcher_id")
);

-- CreateTable
CREATE TABLE "export_part" (
    "id" BIGSERIAL NOT NULL,
    "export_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "researcher_ids" UUID[],
    "first_researcher_id" UUID GENERATED ALWAYS AS (researcher_ids[1]) STORED,
    "last_researcher_id" UUID GENERATED ALWAYS AS (researcher_ids[cardinality(researcher_ids)]) STORED,
    "person_ids" UUID[],
    "first_person_id" UUID GENERATED ALWAYS AS (person_ids[1]) STORED,
    "last_person_id" UUID GENERATED ALWAYS AS (person_ids[cardinality(person_ids)]) STORED,
    "event_ids" BIGINT[],
    "affiliation_ids" UUID[],

    CONSTRAINT "export_part_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_run" (
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "searched" BOOLEAN NOT NULL,
    "started_by_id" UUID,
    "state" "export_state" NOT NULL DEFAULT 'running',
    "rows" INTEGER NOT NULL DEFAULT 0,
    "rows_expected" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancel_asked_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "export_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_log" (
    "id" BIGSERIAL NOT NULL,
    "position" BIGINT,
    "person_id" UUID NOT NULL,
    "system_id" UUID,
    "into_id" UUID,
    "kind" TEXT,
    "item_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_log_pkey" PRIMARY KEY ("id")
);

-- CreateEnum
CREATE TYPE "webhook_state" AS ENUM ('on', 'off', 'failed');

-- CreateEnum
CREATE TYPE "webhook_person_state" AS ENUM ('covered', 'paused', 'ended');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('waiting', 'delivered', 'withheld', 'given_up');

-- CreateTable
CREATE TABLE "webhook" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "system_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_secret" TEXT,
    "sealed_former_secret" TEXT,
    "former_until" TIMESTAMPTZ(3),
    "state" "webhook_state" NOT NULL DEFAULT 'on',
    "state_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "position" BIGINT NOT NULL DEFAULT 0,
    "digest_on" DATE,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_person" (
    "webhook_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "state" "webhook_person_state" NOT NULL,

    CONSTRAINT "webhook_person_pkey" PRIMARY KEY ("webhook_id","person_id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" BIGSERIAL NOT NULL,
    "event_id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "webhook_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "person_id" UUID,
    "item_id" UUID,
    "into_id" UUID,
    "position" BIGINT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" "delivery_state" NOT NULL DEFAULT 'waiting',
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_until" TIMESTAMPTZ(3),
    "first_tried_at" TIMESTAMPTZ(3),
    "tried_at" TIMESTAMPTZ(3),
    "answer" TEXT,
    "mail_id" UUID,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_write" (
    "system_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "affiliation_id" UUID,
    "results" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_write_pkey" PRIMARY KEY ("system_id","key")
);

-- CreateTable
CREATE TABLE "daily_figure" (
    "day" DATE NOT NULL,
    "figure" "figure" NOT NULL,
    "dimension" TEXT NOT NULL DEFAULT '',
    "value" INTEGER NOT NULL,

    CONSTRAINT "daily_figure_pkey" PRIMARY KEY ("figure","dimension","day")
);

-- CreateTable
CREATE TABLE "grant" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "registry" "registry" NOT NULL,
    "client_id" TEXT NOT NULL,
    "state" "grant_state" NOT NULL DEFAULT 'live',
    "scopes" TEXT[],
    "first_granted_at" TIMESTAMPTZ(3)[],
    "name_given" TEXT,
    "sealed_access_token" TEXT,
    "sealed_refresh_token" TEXT,
    "sealed_response" TEXT,
    "access_token_hash" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "superseded_by_id" UUID,
    "receipt" JSONB,
    "finding" "finding",
    "last_checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT (now() + (random() * '7 days'::interval)),
    "unanswered_since" TIMESTAMPTZ(3),

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "registry" "registry" NOT NULL,
    "sealed_canary" TEXT NOT NULL,
    "sealed_lookup_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "worker_seen_at" TIMESTAMPTZ(3),
    "ledger_mark" UUID,
    "ledger_next_mark" UUID,
    "location" TEXT,
    "timeline" INTEGER,
    "mail_stopped_at" TIMESTAMPTZ(3),
    "backed_up_at" TIMESTAMPTZ(3),

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replica" (
    "id" UUID NOT NULL,
    "kind" "replica_kind" NOT NULL,
    "keys" TEXT[],
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sealed_key" (
    "key_id" TEXT NOT NULL,
    "rows" INTEGER NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sealed_key_pkey" PRIMARY KEY ("key_id")
);

-- CreateTable
CREATE TABLE "note" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE UNLOGGED TABLE "rate_limit" (
    "bucket" TEXT NOT NULL,
    "hits" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("bucket")
);

-- CreateTable
CREATE TABLE "proxy_hops" (
    "hops" SMALLINT NOT NULL,
    "requests" BIGINT NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "proxy_hops_pkey" PRIMARY KEY ("hops")
);

-- CreateTable
CREATE TABLE "import" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "import_kind" NOT NULL,
    "file_name" TEXT NOT NULL,
    "file" BYTEA,
    "complete" BOOLEAN NOT NULL DEFAULT false,
    "state" "import_state" NOT NULL DEFAULT 'reading',
    "fault" TEXT,
    "fault_detail" TEXT,
    "header" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "mapping" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "encoding" TEXT,
    "encoding_is_sure" BOOLEAN NOT NULL DEFAULT true,
    "example" TEXT,
    "date_order" TEXT,
    "date_orders" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "other_sheets" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "counts" JSONB NOT NULL DEFAULT '{}',
    "doubts" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "progress" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "made_by_id" UUID,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "saved_by_id" UUID,
    "save_asked_at" TIMESTAMPTZ(3),
    "confirmed_by_id" UUID,
    "saved_at" TIMESTAMPTZ(3),
    "effective_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_row" (
    "import_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "fields" JSONB NOT NULL,
    "verdict" "import_verdict" NOT NULL,
    "faults" JSONB,
    "name" TEXT,
    "person_id" UUID,
    "near_id" UUID,
    "item_id" UUID,
    "decision" "import_decision",
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "import_row_pkey" PRIMARY KEY ("import_id","line")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "local_id" TEXT,
    "given_name" TEXT,
    "family_name" TEXT,
    "email" TEXT,
    "department" TEXT,
    "kind" "person_kind",
    "state" "person_state" NOT NULL DEFAULT 'active',
    "leaves_on" DATE,
    "end_dated_at" TIMESTAMPTZ(3),
    "missing_since" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "confidential" BOOLEAN NOT NULL DEFAULT false,
    "known_orcid" TEXT,
    "merged_into_id" UUID,
    "origin" "person_origin" NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "researcher_id" UUID,
    "orcid" TEXT,
    "registry" "registry",
    "orcid_name" TEXT,
    "connection" "researcher_state",
    "live_scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "live_scopes_given_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "first_connected_at" TIMESTAMPTZ(3),
    "last_confirmed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "withdrew_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "finding" "finding",
    "unanswered_since" TIMESTAMPTZ(3),
    "primary_orcid" TEXT,
    "authenticated_at" TIMESTAMPTZ(3),
    "staff_only" BOOLEAN NOT NULL DEFAULT false,
    "conflict" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT GENERATED ALWAYS AS (coalesce(nullif(btrim(coalesce(given_name, '') || ' ' || coalesce(family_name, '')), ''), orcid_name)) STORED,
    "listed" BOOLEAN NOT NULL GENERATED ALWAYS AS (NOT confidential AND merged_into_id IS NULL AND (NOT staff_only OR local_id IS NOT NULL)) STORED,
    "search_text" TEXT GENERATED ALWAYS AS (search_text_of(coalesce(given_name || ' ', '') || coalesce(family_name || ' ', '') || coalesce(orcid_name, ''), coalesce(orcid, ''), local_id, department)) STORED,
    "language" TEXT,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "appointment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "department" TEXT,
    "title" TEXT,
    "kind" "person_kind" NOT NULL,
    "start_on" TEXT,
    "end_on" TEXT,
    "primary" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "appointment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leaver_approval" (
    "day" DATE NOT NULL,
    "person_id" UUID NOT NULL,
    "approved_by_id" UUID NOT NULL,
    "approved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "leaver_approval_pkey" PRIMARY KEY ("day","person_id")
);

-- CreateTable
CREATE TABLE "objection" (
    "hash" TEXT NOT NULL,
    "reason" "erasure_reason" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "objection_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "binding" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID NOT NULL,
    "researcher_id" UUID NOT NULL,
    "proof" "binding_proof" NOT NULL,
    "made_by_kind" "actor_kind" NOT NULL,
    "made_by_id" UUID,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended" "binding_end",
    "reason" TEXT,
    "must_ask" BOOLEAN NOT NULL DEFAULT false,
    "came_with" UUID[] DEFAULT ARRAY[]::UUID[],

    CONSTRAINT "binding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conflict" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "conflict_kind" NOT NULL,
    "person_id" UUID NOT NULL,
    "other_person_id" UUID,
    "researcher_id" UUID,
    "evidence" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolution" "conflict_resolution",
    "moved" JSONB,
    "resolved_by_id" UUID,
    "reason" TEXT,

    CONSTRAINT "conflict_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "form_draft" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "made_by_id" UUID NOT NULL,
    "person_id" UUID,
    "content" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "form_draft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attention" (
    "scope" TEXT NOT NULL DEFAULT '',
    "item" TEXT NOT NULL,
    "holder_id" UUID,
    "held_at" TIMESTAMPTZ(3),
    "settled_by_id" UUID,
    "settled_at" TIMESTAMPTZ(3),
    "until" DATE,
    "count" INTEGER,

    CONSTRAINT "attention_pkey" PRIMARY KEY ("scope","item")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "filters" TEXT NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "shared" BOOLEAN NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "setting" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "value" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_by_id" UUID NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "action" "batch_action" NOT NULL,
    "leaves_on" DATE,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch_step" (
    "batch_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "person_id" UUID NOT NULL,
    "state" "batch_step_state" NOT NULL DEFAULT 'planned',
    "item" JSONB,
    "before" JSONB,
    "reason" TEXT,
    "affiliation_id" UUID,

    CONSTRAINT "batch_step_pkey" PRIMARY KEY ("batch_id","place")
);

-- CreateTable
CREATE TABLE "researcher" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "orcid" TEXT NOT NULL,
    "registry" "registry" NOT NULL,
    "name" TEXT,
    "state" "researcher_state" NOT NULL,
    "live_scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "live_scopes_given_at" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "first_connected_at" TIMESTAMPTZ(3),
    "last_confirmed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "withdrew_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "finding" "finding",
    "unanswered_since" TIMESTAMPTZ(3),
    "primary_orcid" TEXT,
    "merged_into_id" UUID,
    "conflict" BOOLEAN NOT NULL DEFAULT false,
    "staff_only" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "works_preference" "works_preference" NOT NULL DEFAULT 'ask',

    CONSTRAINT "researcher_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "restore" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "found_by" "restore_evidence" NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "missing_from" TIMESTAMPTZ(3),
    "held_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "ledger_mark" UUID,
    "erased" INTEGER NOT NULL DEFAULT 0,
    "ended" INTEGER NOT NULL DEFAULT 0,
    "lost" INTEGER NOT NULL DEFAULT 0,
    "unreadable" INTEGER NOT NULL DEFAULT 0,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "restore_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failover" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "timeline" INTEGER NOT NULL,
    "missing_from" TIMESTAMPTZ(3),
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "acknowledged_at" TIMESTAMPTZ(3),

    CONSTRAINT "failover_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "kind" "ledger_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT,
    "person_id" UUID,
    "system_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revocation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "grant_id" UUID,
    "attempt_id" UUID,
    "registry" "registry" NOT NULL,
    "client_id" TEXT NOT NULL,
    "reason" "revocation_reason" NOT NULL,
    "sealed_token" TEXT,
    "sealed_grant_id" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "last_tried_at" TIMESTAMPTZ(3),
    "last_outcome" TEXT,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "browser" TEXT,
    "authenticated_at" TIMESTAMPTZ(3),
    "second_factor" BOOLEAN NOT NULL DEFAULT false,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_member" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "orcid" TEXT,
    "name" TEXT,
    "role" "staff_role" NOT NULL,
    "departments" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "may_export" BOOLEAN NOT NULL DEFAULT false,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_invitation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "secret_hash" TEXT NOT NULL,
    "role" "staff_role" NOT NULL,
    "departments" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "may_export" BOOLEAN NOT NULL DEFAULT false,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "used_by_id" UUID,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trial" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "staff_id" UUID NOT NULL,
    "attempt_id" UUID,
    "client_id" TEXT NOT NULL,
    "sealed_url" TEXT,
    "sealed_code" TEXT,
    "sealed_access_token" TEXT,
    "orcid" TEXT,
    "scopes" TEXT[],
    "put_code" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "trial_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trial_step" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "trial_id" UUID NOT NULL,
    "kind" "trial_step_kind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealed_content" TEXT NOT NULL,

    CONSTRAINT "trial_step_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "kind" "campaign_kind" NOT NULL DEFAULT 'ask',
    "state" "campaign_state" NOT NULL DEFAULT 'draft',
    "code" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "audience" TEXT,
    "scopes" TEXT[],
    "starts_on" DATE,
    "ends_on" DATE,
    "newcomers_after_days" INTEGER,
    "newcomers_per_day" INTEGER,
    "mail_merge" BOOLEAN NOT NULL DEFAULT false,
    "informed" TEXT,
    "informed_at" TIMESTAMPTZ(3),
    "informed_by_id" UUID,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "opened_at" TIMESTAMPTZ(3),
    "invited_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" "campaign_pause",
    "failed_mails" INTEGER NOT NULL DEFAULT 0,
    "closed_at" TIMESTAMPTZ(3),
    "refusals" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_text" (
    "campaign_id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "reasons" JSONB NOT NULL,

    CONSTRAINT "campaign_text_pkey" PRIMARY KEY ("campaign_id","locale")
);

-- CreateTable
CREATE TABLE "campaign_step" (
    "campaign_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "template" TEXT NOT NULL,
    "after_days" INTEGER NOT NULL,
    "audience" "campaign_audience" NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "campaign_step_pkey" PRIMARY KEY ("campaign_id","place")
);

-- CreateTable
CREATE TABLE "mailing" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "campaign_id" UUID NOT NULL,
    "step" INTEGER,
    "template" TEXT NOT NULL,
    "state" "mailing_state" NOT NULL,
    "corrects_id" UUID,
    "recipients" INTEGER NOT NULL,
    "confirmed_by_id" UUID,
    "confirmed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "approved_by_id" UUID,
    "approved_at" TIMESTAMPTZ(3),
    "starts_at" TIMESTAMPTZ(3),
    "looked_at_by_id" UUID,
    "looked_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "mailing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mailing_recipient" (
    "mailing_id" UUID NOT NULL,
    "invitation_id" UUID NOT NULL,

    CONSTRAINT "mailing_recipient_pkey" PRIMARY KEY ("mailing_id","invitation_id")
);

-- CreateTable
CREATE TABLE "campaign_figure" (
    "campaign_id" UUID NOT NULL,
    "dimension" TEXT NOT NULL,
    "invited" INTEGER NOT NULL,
    "came_back" INTEGER NOT NULL,
    "allowed" INTEGER NOT NULL,
    "allowed_less" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "not_connected" INTEGER NOT NULL,

    CONSTRAINT "campaign_figure_pkey" PRIMARY KEY ("campaign_id","dimension")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "campaign_id" UUID,
    "person_id" UUID NOT NULL,
    "made_by_id" UUID,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "step" INTEGER NOT NULL DEFAULT 0,
    "times" INTEGER NOT NULL DEFAULT 0,
    "last_mail_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended" "invitation_end",

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation_link" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "invitation_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "email" TEXT,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "researcher_id" UUID,
    "used_at" TIMESTAMPTZ(3),
    "not_me_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitation_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "do_not_ask" (
    "person_id" UUID NOT NULL,
    "reason" "do_not_ask_reason" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "do_not_ask_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "kind" "mail_kind" NOT NULL,
    "state" "mail_state" NOT NULL DEFAULT 'waiting',
    "message_id" TEXT NOT NULL,
    "person_id" UUID,
    "address" TEXT,
    "staff_id" UUID,
    "invitation_id" UUID,
    "mailing_id" UUID,
    "template" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "values" JSONB NOT NULL DEFAULT '{}',
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "send_after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "sending_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "bounced_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "again_of_id" UUID,

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_template" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "based_on" TEXT NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mail_template_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "mail_text" (
    "template" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_by_id" UUID NOT NULL,

    CONSTRAINT "mail_text_pkey" PRIMARY KEY ("template","locale")
);

-- CreateTable
CREATE TABLE "mail_suppression" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "address_hash" TEXT NOT NULL,
    "reason" "mail_suppression_reason" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "person_id" UUID,

    CONSTRAINT "mail_suppression_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "system" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "operator" "system_operator" NOT NULL,
    "processor_name" TEXT,
    "contract_on" DATE,
    "receiver" TEXT,
    "networks" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "per_minute" INTEGER NOT NULL DEFAULT 60,
    "expires_on" DATE,
    "stopped_at" TIMESTAMPTZ(3),
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "system_term" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "system_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "purpose_number" INTEGER NOT NULL,
    "purpose" JSONB NOT NULL,
    "rights" TEXT[],
    "scopes" TEXT[],
    "departments" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "kinds" "person_kind"[] DEFAULT ARRAY[]::"person_kind"[],
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_term_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shown_system" (
    "shown_text_hash" TEXT NOT NULL,
    "term_id" UUID NOT NULL,
    "scopes" TEXT[],

    CONSTRAINT "shown_system_pkey" PRIMARY KEY ("shown_text_hash","term_id")
);

-- CreateTable
CREATE TABLE "system_notice" (
    "term_id" UUID NOT NULL,
    "researcher_id" UUID NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "mail_id" UUID,

    CONSTRAINT "system_notice_pkey" PRIMARY KEY ("researcher_id","term_id")
);

-- CreateTable
CREATE TABLE "system_stop" (
    "system_id" UUID NOT NULL,
    "researcher_id" UUID NOT NULL,
    "kind" "system_stop_kind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_stop_pkey" PRIMARY KEY ("researcher_id","system_id")
);

-- CreateEnum
CREATE TYPE "export_every" AS ENUM ('daily', 'weekly');

-- CreateEnum
CREATE TYPE "export_place" AS ENUM ('folder', 'sftp');

-- CreateEnum
CREATE TYPE "export_plan_run_state" AS ENUM ('waiting', 'running', 'done', 'failed', 'skipped');

-- CreateTable
CREATE TABLE "export_plan" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "system_id" UUID NOT NULL,
    "format" TEXT NOT NULL,
    "dn" TEXT,
    "every" "export_every" NOT NULL,
    "weekday" SMALLINT,
    "hour" SMALLINT NOT NULL,
    "place" "export_place" NOT NULL,
    "host" TEXT,
    "port" INTEGER,
    "username" TEXT,
    "path" TEXT,
    "host_key" TEXT,
    "offered_host_key" TEXT,
    "public_key" TEXT,
    "sealed_private_key" TEXT,
    "recipient" TEXT,
    "ends_on" DATE NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "told_days" SMALLINT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "export_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_plan_run" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "plan_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "state" "export_plan_run_state" NOT NULL DEFAULT 'waiting',
    "tries" SMALLINT NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "name" TEXT,
    "rows" INTEGER,
    "bytes" BIGINT,
    "sha256" TEXT,
    "fault" TEXT,

    CONSTRAINT "export_plan_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "system_use" (
    "id" BIGSERIAL NOT NULL,
    "system_id" UUID NOT NULL,
    "researcher_id" UUID,
    "right" TEXT NOT NULL,
    "used_on" DATE NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_use_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delegation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "system_id" UUID NOT NULL,
    "researcher_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "receiver" TEXT NOT NULL,
    "scopes" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "delegation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "system_id" UUID NOT NULL,
    "kind" "api_key_kind" NOT NULL DEFAULT 'key',
    "name" TEXT NOT NULL,
    "beginning" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_token" (
    "hash" TEXT NOT NULL,
    "key_id" UUID NOT NULL,
    "rights" TEXT[],
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "affiliation_state_added_at_id_idx" ON "affiliation"("state", "added_at", "id");

-- CreateIndex
CREATE INDEX "affiliation_added_at_id_idx" ON "affiliation"("added_at", "id");

-- CreateIndex
CREATE INDEX "affiliation_state_next_try_at_idx" ON "affiliation"("state", "next_try_at");

-- CreateIndex
CREATE INDEX "affiliation_checked_at_idx" ON "affiliation"("checked_at");

-- CreateIndex
CREATE INDEX "affiliation_search_idx" ON "affiliation" USING GIN ("search_text" gin_trgm_ops) WITH (fastupdate = off);

-- CreateIndex
CREATE INDEX "affiliation_person_id_idx" ON "affiliation"("person_id");

-- CreateIndex
CREATE INDEX "affiliation_system_id_id_idx" ON "affiliation"("system_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "affiliation_researcher_id_kind_external_id_key" ON "affiliation"("researcher_id", "kind", "external_id");

-- CreateIndex
CREATE INDEX "affiliation_draft_expires_at_idx" ON "affiliation_draft"("expires_at");

-- CreateIndex
CREATE INDEX "affiliation_draft_made_by_id_idx" ON "affiliation_draft"("made_by_id");

-- CreateIndex
CREATE INDEX "writing_confirmation_confirmed_by_id_idx" ON "writing_confirmation"("confirmed_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "authorization_attempt_reference_key" ON "authorization_attempt"("reference");

-- CreateIndex
CREATE UNIQUE INDEX "authorization_attempt_secret_hash_key" ON "authorization_attempt"("secret_hash");

-- CreateIndex
CREATE UNIQUE INDEX "authorization_attempt_state_hash_key" ON "authorization_attempt"("state_hash");

-- CreateIndex
CREATE INDEX "authorization_attempt_state_claimed_at_idx" ON "authorization_attempt"("state", "claimed_at");

-- CreateIndex
CREATE INDEX "authorization_attempt_researcher_id_started_at_idx" ON "authorization_attempt"("researcher_id", "started_at");

-- CreateIndex
CREATE INDEX "authorization_attempt_started_by_id_idx" ON "authorization_attempt"("started_by_id");

-- CreateIndex
CREATE INDEX "authorization_attempt_staff_invitation_id_idx" ON "authorization_attempt"("staff_invitation_id");

-- CreateIndex
CREATE INDEX "authorization_attempt_started_at_idx" ON "authorization_attempt"("started_at");

-- CreateIndex
CREATE INDEX "authorization_attempt_purpose_started_at_id_idx" ON "authorization_attempt"("purpose", "started_at", "id");

-- CreateIndex
CREATE INDEX "authorization_attempt_purpose_outcome_started_at_id_idx" ON "authorization_attempt"("purpose", "outcome", "started_at", "id");

-- CreateIndex
CREATE INDEX "audit_event_researcher_id_id_idx" ON "audit_event"("researcher_id", "id");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_id_idx" ON "audit_event"("actor_id", "id");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");

-- CreateIndex
CREATE INDEX "audit_event_attempt_id_idx" ON "audit_event"("attempt_id");

-- CreateIndex
CREATE INDEX "audit_event_request_id_idx" ON "audit_event"("request_id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_checkpoint_hash_key" ON "audit_checkpoint"("hash");

-- CreateIndex
CREATE INDEX "audit_checkpoint_last_event_id_idx" ON "audit_checkpoint"("last_event_id");

-- CreateIndex
CREATE INDEX "orcid_call_researcher_id_id_idx" ON "orcid_call"("researcher_id", "id");

-- CreateIndex
CREATE INDEX "orcid_call_at_idx" ON "orcid_call"("at");

-- CreateIndex
CREATE INDEX "grant_check_grant_id_id_idx" ON "grant_check"("grant_id", "id");

-- CreateIndex
CREATE INDEX "grant_check_at_idx" ON "grant_check"("at");

-- CreateIndex
CREATE INDEX "export_part_first_researcher_id_last_researcher_id_idx" ON "export_part"("first_researcher_id", "last_researcher_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_system_id_key" ON "webhook"("system_id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_event_id_key" ON "delivery"("event_id");

-- CreateIndex
CREATE INDEX "delivery_webhook_id_state_next_at_id_idx" ON "delivery"("webhook_id", "state", "next_at", "id");

-- CreateIndex
CREATE INDEX "delivery_webhook_id_person_id_id_idx" ON "delivery"("webhook_id", "person_id", "id");

-- CreateIndex
CREATE INDEX "delivery_happened_at_idx" ON "delivery"("happened_at");

-- CreateIndex
CREATE UNIQUE INDEX "change_log_position_key" ON "change_log"("position");

-- CreateIndex
CREATE INDEX "change_log_at_idx" ON "change_log"("at");

-- CreateIndex
CREATE INDEX "api_write_at_idx" ON "api_write"("at");

-- CreateIndex
CREATE INDEX "export_part_first_person_id_last_person_id_idx" ON "export_part"("first_person_id", "last_person_id");

-- CreateIndex
CREATE INDEX "export_run_started_at_idx" ON "export_run"("started_at");

-- CreateIndex
CREATE INDEX "export_run_started_by_id_idx" ON "export_run"("started_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_attempt_id_key" ON "grant"("attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_access_token_hash_key" ON "grant"("access_token_hash");

-- CreateIndex
CREATE INDEX "grant_researcher_id_state_idx" ON "grant"("researcher_id", "state");

-- CreateIndex
CREATE INDEX "grant_state_expires_at_idx" ON "grant"("state", "expires_at");

-- CreateIndex
CREATE INDEX "grant_superseded_by_id_idx" ON "grant"("superseded_by_id");

-- CreateIndex
CREATE INDEX "note_researcher_id_added_at_id_idx" ON "note"("researcher_id", "added_at", "id");

-- CreateIndex
CREATE INDEX "note_author_id_idx" ON "note"("author_id");

-- CreateIndex
CREATE INDEX "note_removed_at_idx" ON "note"("removed_at");

-- CreateIndex
CREATE INDEX "rate_limit_expires_at_idx" ON "rate_limit"("expires_at");

-- CreateIndex
CREATE INDEX "import_made_at_idx" ON "import"("made_at");

-- CreateIndex
CREATE INDEX "import_made_by_id_idx" ON "import"("made_by_id");

-- CreateIndex
CREATE INDEX "import_saved_by_id_idx" ON "import"("saved_by_id");

-- CreateIndex
CREATE INDEX "import_confirmed_by_id_idx" ON "import"("confirmed_by_id");

-- CreateIndex
CREATE INDEX "import_row_import_id_verdict_line_idx" ON "import_row"("import_id", "verdict", "line");

-- CreateIndex
CREATE INDEX "import_row_person_id_idx" ON "import_row"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_local_id_key" ON "person"("local_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_researcher_id_key" ON "person"("researcher_id");

-- CreateIndex
CREATE UNIQUE INDEX "person_orcid_key" ON "person"("orcid");

-- CreateIndex
CREATE INDEX "person_search_idx" ON "person" USING GIN ("search_text" gin_trgm_ops) WITH (fastupdate = off);

-- CreateIndex
CREATE INDEX "person_merged_into_id_idx" ON "person"("merged_into_id");

-- CreateIndex
CREATE INDEX "person_department_idx" ON "person"("department");

-- CreateIndex
CREATE INDEX "person_connection_idx" ON "person"("connection");

-- CreateIndex
CREATE INDEX "person_finding_idx" ON "person"("finding");

-- CreateIndex
CREATE INDEX "appointment_person_id_idx" ON "appointment"("person_id");

-- CreateIndex
CREATE INDEX "leaver_approval_person_id_idx" ON "leaver_approval"("person_id");

-- CreateIndex
CREATE INDEX "leaver_approval_approved_by_id_idx" ON "leaver_approval"("approved_by_id");

-- CreateIndex
CREATE INDEX "binding_person_id_idx" ON "binding"("person_id");

-- CreateIndex
CREATE INDEX "binding_researcher_id_idx" ON "binding"("researcher_id");

-- CreateIndex
CREATE INDEX "conflict_person_id_idx" ON "conflict"("person_id");

-- CreateIndex
CREATE INDEX "conflict_other_person_id_idx" ON "conflict"("other_person_id");

-- CreateIndex
CREATE INDEX "conflict_researcher_id_idx" ON "conflict"("researcher_id");

-- CreateIndex
CREATE INDEX "form_draft_expires_at_idx" ON "form_draft"("expires_at");

-- CreateIndex
CREATE INDEX "form_draft_made_by_id_idx" ON "form_draft"("made_by_id");

-- CreateIndex
CREATE INDEX "form_draft_person_id_idx" ON "form_draft"("person_id");

-- CreateIndex
CREATE INDEX "attention_holder_id_idx" ON "attention"("holder_id");

-- CreateIndex
CREATE INDEX "attention_settled_by_id_idx" ON "attention"("settled_by_id");

-- CreateIndex
CREATE INDEX "setting_key_id_idx" ON "setting"("key", "id");

-- CreateIndex
CREATE INDEX "setting_changed_by_id_idx" ON "setting"("changed_by_id");

-- CreateIndex
CREATE INDEX "saved_view_made_by_id_idx" ON "saved_view"("made_by_id");

-- CreateIndex
CREATE INDEX "batch_made_by_id_idx" ON "batch"("made_by_id");

-- CreateIndex
CREATE INDEX "batch_made_at_idx" ON "batch"("made_at");

-- CreateIndex
CREATE INDEX "batch_step_person_id_idx" ON "batch_step"("person_id");

-- CreateIndex
CREATE INDEX "batch_step_affiliation_id_idx" ON "batch_step"("affiliation_id");

-- CreateIndex
CREATE INDEX "conflict_resolved_by_id_idx" ON "conflict"("resolved_by_id");

-- CreateIndex
CREATE INDEX "conflict_opened_at_id_idx" ON "conflict"("opened_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "researcher_orcid_key" ON "researcher"("orcid");

-- CreateIndex
CREATE INDEX "researcher_merged_into_id_idx" ON "researcher"("merged_into_id");

-- CreateIndex
CREATE INDEX "restore_released_at_idx" ON "restore"("released_at");

-- CreateIndex
CREATE INDEX "failover_acknowledged_at_idx" ON "failover"("acknowledged_at");

-- CreateIndex
CREATE INDEX "revocation_confirmed_at_next_try_at_idx" ON "revocation"("confirmed_at", "next_try_at");

-- CreateIndex
CREATE INDEX "revocation_grant_id_idx" ON "revocation"("grant_id");

-- CreateIndex
CREATE INDEX "revocation_attempt_id_idx" ON "revocation"("attempt_id");

-- CreateIndex
CREATE INDEX "session_researcher_id_ended_at_idx" ON "session"("researcher_id", "ended_at");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE INDEX "session_attempt_id_idx" ON "session"("attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "staff_member_orcid_key" ON "staff_member"("orcid");

-- CreateIndex
CREATE UNIQUE INDEX "staff_invitation_secret_hash_key" ON "staff_invitation"("secret_hash");

-- CreateIndex
CREATE INDEX "staff_invitation_made_by_id_idx" ON "staff_invitation"("made_by_id");

-- CreateIndex
CREATE INDEX "staff_invitation_used_by_id_idx" ON "staff_invitation"("used_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "trial_attempt_id_key" ON "trial"("attempt_id");

-- CreateIndex
CREATE INDEX "trial_staff_id_started_at_idx" ON "trial"("staff_id", "started_at");

-- CreateIndex
CREATE INDEX "trial_expires_at_idx" ON "trial"("expires_at");

-- CreateIndex
CREATE INDEX "trial_step_trial_id_at_idx" ON "trial_step"("trial_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_code_key" ON "campaign"("code");

-- CreateIndex
CREATE INDEX "campaign_made_by_id_idx" ON "campaign"("made_by_id");

-- CreateIndex
CREATE INDEX "campaign_informed_by_id_idx" ON "campaign"("informed_by_id");

-- CreateIndex
CREATE INDEX "campaign_made_at_id_idx" ON "campaign"("made_at", "id");

-- CreateIndex
CREATE INDEX "mailing_campaign_id_idx" ON "mailing"("campaign_id");

-- CreateIndex
CREATE INDEX "mailing_corrects_id_idx" ON "mailing"("corrects_id");

-- CreateIndex
CREATE INDEX "mailing_confirmed_by_id_idx" ON "mailing"("confirmed_by_id");

-- CreateIndex
CREATE INDEX "mailing_approved_by_id_idx" ON "mailing"("approved_by_id");

-- CreateIndex
CREATE INDEX "mailing_looked_at_by_id_idx" ON "mailing"("looked_at_by_id");

-- CreateIndex
CREATE INDEX "invitation_person_id_idx" ON "invitation"("person_id");

-- CreateIndex
CREATE INDEX "invitation_made_by_id_idx" ON "invitation"("made_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_campaign_id_person_id_key" ON "invitation"("campaign_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_link_token_hash_key" ON "invitation_link"("token_hash");

-- CreateIndex
CREATE INDEX "invitation_link_invitation_id_idx" ON "invitation_link"("invitation_id");

-- CreateIndex
CREATE INDEX "invitation_link_researcher_id_idx" ON "invitation_link"("researcher_id");

-- CreateIndex
CREATE UNIQUE INDEX "mail_message_id_key" ON "mail"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "mail_again_of_id_key" ON "mail"("again_of_id");

-- CreateIndex
CREATE INDEX "mail_state_sending_at_id_idx" ON "mail"("state", "sending_at", "id");

-- CreateIndex
CREATE INDEX "mail_person_id_sent_at_idx" ON "mail"("person_id", "sent_at");

-- CreateIndex
CREATE INDEX "mail_invitation_id_idx" ON "mail"("invitation_id");

-- CreateIndex
CREATE INDEX "mail_mailing_id_state_send_after_id_idx" ON "mail"("mailing_id", "state", "send_after", "id");

-- CreateIndex
CREATE INDEX "mail_staff_id_idx" ON "mail"("staff_id");

-- CreateIndex
CREATE INDEX "mail_made_at_idx" ON "mail"("made_at");

-- CreateIndex
CREATE INDEX "mail_template_made_by_id_idx" ON "mail_template"("made_by_id");

-- CreateIndex
CREATE INDEX "mail_text_changed_by_id_idx" ON "mail_text"("changed_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "mail_suppression_address_hash_key" ON "mail_suppression"("address_hash");

-- CreateIndex
CREATE INDEX "mail_suppression_person_id_idx" ON "mail_suppression"("person_id");

-- CreateIndex
CREATE INDEX "mail_suppression_at_id_idx" ON "mail_suppression"("at", "id");

-- CreateIndex
CREATE INDEX "authorization_attempt_campaign_id_idx" ON "authorization_attempt"("campaign_id");

-- CreateIndex
CREATE INDEX "authorization_attempt_invitation_id_idx" ON "authorization_attempt"("invitation_id");

-- CreateIndex
CREATE INDEX "authorization_attempt_link_id_idx" ON "authorization_attempt"("link_id");

-- CreateIndex
CREATE INDEX "system_made_by_id_idx" ON "system"("made_by_id");

-- CreateIndex
CREATE INDEX "system_term_made_by_id_idx" ON "system_term"("made_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "system_term_system_id_number_key" ON "system_term"("system_id", "number");

-- CreateIndex
CREATE INDEX "shown_system_term_id_idx" ON "shown_system"("term_id");

-- CreateIndex
CREATE UNIQUE INDEX "system_notice_mail_id_key" ON "system_notice"("mail_id");

-- CreateIndex
CREATE INDEX "system_notice_term_id_told_at_idx" ON "system_notice"("term_id", "told_at");

-- CreateIndex
CREATE INDEX "system_stop_system_id_idx" ON "system_stop"("system_id");

-- CreateIndex
CREATE INDEX "system_use_researcher_id_system_id_idx" ON "system_use"("researcher_id", "system_id");

-- CreateIndex
CREATE UNIQUE INDEX "delegation_system_id_key_key" ON "delegation"("system_id", "key");

-- CreateIndex
CREATE INDEX "delegation_researcher_id_system_id_idx" ON "delegation"("researcher_id", "system_id");

-- CreateIndex
CREATE INDEX "system_use_system_id_used_on_idx" ON "system_use"("system_id", "used_on");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_system_id_made_at_idx" ON "api_key"("system_id", "made_at");

-- CreateIndex
CREATE INDEX "export_plan_system_id_idx" ON "export_plan"("system_id");

-- CreateIndex
CREATE INDEX "export_plan_made_by_id_idx" ON "export_plan"("made_by_id");

-- CreateIndex
CREATE INDEX "export_plan_run_state_next_try_at_idx" ON "export_plan_run"("state", "next_try_at");

-- CreateIndex
CREATE INDEX "export_plan_run_due_at_idx" ON "export_plan_run"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "export_plan_run_plan_id_due_at_key" ON "export_plan_run"("plan_id", "due_at");

-- CreateIndex
CREATE INDEX "api_key_made_by_id_idx" ON "api_key"("made_by_id");

-- CreateIndex
CREATE INDEX "access_token_key_id_idx" ON "access_token"("key_id");

-- CreateIndex
CREATE INDEX "access_token_expires_at_idx" ON "access_token"("expires_at");

-- CreateIndex
CREATE INDEX "mailing_recipient_invitation_id_idx" ON "mailing_recipient"("invitation_id");

-- AddForeignKey
ALTER TABLE "webhook" ADD CONSTRAINT "webhook_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_person" ADD CONSTRAINT "webhook_person_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_webhook_id_fkey" FOREIGN KEY ("webhook_id") REFERENCES "webhook"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation_draft" ADD CONSTRAINT "affiliation_draft_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_orcid_kept" CHECK (((orcid IS NOT NULL) OR (ended_at IS NOT NULL)));
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_admin_unlimited" CHECK (((role <> 'admin'::staff_role) OR (departments = ARRAY[]::text[])));
ALTER TABLE "staff_invitation" ADD CONSTRAINT "staff_invitation_admin_unlimited" CHECK (((role <> 'admin'::staff_role) OR (departments = ARRAY[]::text[])));
ALTER TABLE "writing_confirmation" ADD CONSTRAINT "writing_confirmation_confirmed_by_id_fkey" FOREIGN KEY ("confirmed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_staff_invitation_id_fkey" FOREIGN KEY ("staff_invitation_id") REFERENCES "staff_invitation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_shown_text_hash_fkey" FOREIGN KEY ("shown_text_hash") REFERENCES "shown_text"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orcid_call" ADD CONSTRAINT "orcid_call_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant_check" ADD CONSTRAINT "grant_check_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suspicion" ADD CONSTRAINT "suspicion_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_run" ADD CONSTRAINT "export_run_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_superseded_by_id_fkey" FOREIGN KEY ("superseded_by_id") REFERENCES "grant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "note" ADD CONSTRAINT "note_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_saved_by_id_fkey" FOREIGN KEY ("saved_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_confirmed_by_id_fkey" FOREIGN KEY ("confirmed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_draft" ADD CONSTRAINT "form_draft_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "form_draft" ADD CONSTRAINT "form_draft_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attention" ADD CONSTRAINT "attention_holder_id_fkey" FOREIGN KEY ("holder_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attention" ADD CONSTRAINT "attention_settled_by_id_fkey" FOREIGN KEY ("settled_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "setting" ADD CONSTRAINT "setting_changed_by_id_fkey" FOREIGN KEY ("changed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch" ADD CONSTRAINT "batch_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_step" ADD CONSTRAINT "batch_step_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_step" ADD CONSTRAINT "batch_step_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "batch_step" ADD CONSTRAINT "batch_step_affiliation_id_fkey" FOREIGN KEY ("affiliation_id") REFERENCES "affiliation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "appointment" ADD CONSTRAINT "appointment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaver_approval" ADD CONSTRAINT "leaver_approval_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaver_approval" ADD CONSTRAINT "leaver_approval_approved_by_id_fkey" FOREIGN KEY ("approved_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "binding" ADD CONSTRAINT "binding_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "binding" ADD CONSTRAINT "binding_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_other_person_id_fkey" FOREIGN KEY ("other_person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_resolved_by_id_fkey" FOREIGN KEY ("resolved_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "researcher"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_invitation" ADD CONSTRAINT "staff_invitation_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_invitation" ADD CONSTRAINT "staff_invitation_used_by_id_fkey" FOREIGN KEY ("used_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial" ADD CONSTRAINT "trial_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial" ADD CONSTRAINT "trial_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial_step" ADD CONSTRAINT "trial_step_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_link_id_fkey" FOREIGN KEY ("link_id") REFERENCES "invitation_link"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_informed_by_id_fkey" FOREIGN KEY ("informed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_text" ADD CONSTRAINT "campaign_text_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_step" ADD CONSTRAINT "campaign_step_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing" ADD CONSTRAINT "mailing_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing" ADD CONSTRAINT "mailing_corrects_id_fkey" FOREIGN KEY ("corrects_id") REFERENCES "mailing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing_recipient" ADD CONSTRAINT "mailing_recipient_mailing_id_fkey" FOREIGN KEY ("mailing_id") REFERENCES "mailing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing_recipient" ADD CONSTRAINT "mailing_recipient_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_figure" ADD CONSTRAINT "campaign_figure_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing" ADD CONSTRAINT "mailing_confirmed_by_id_fkey" FOREIGN KEY ("confirmed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing" ADD CONSTRAINT "mailing_approved_by_id_fkey" FOREIGN KEY ("approved_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mailing" ADD CONSTRAINT "mailing_looked_at_by_id_fkey" FOREIGN KEY ("looked_at_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_link" ADD CONSTRAINT "invitation_link_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation_link" ADD CONSTRAINT "invitation_link_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "do_not_ask" ADD CONSTRAINT "do_not_ask_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_again_of_id_fkey" FOREIGN KEY ("again_of_id") REFERENCES "mail"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_invitation_id_fkey" FOREIGN KEY ("invitation_id") REFERENCES "invitation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_mailing_id_fkey" FOREIGN KEY ("mailing_id") REFERENCES "mailing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_template" ADD CONSTRAINT "mail_template_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_text" ADD CONSTRAINT "mail_text_changed_by_id_fkey" FOREIGN KEY ("changed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail_suppression" ADD CONSTRAINT "mail_suppression_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system" ADD CONSTRAINT "system_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_term" ADD CONSTRAINT "system_term_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_term" ADD CONSTRAINT "system_term_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shown_system" ADD CONSTRAINT "shown_system_shown_text_hash_fkey" FOREIGN KEY ("shown_text_hash") REFERENCES "shown_text"("hash") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shown_system" ADD CONSTRAINT "shown_system_term_id_fkey" FOREIGN KEY ("term_id") REFERENCES "system_term"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_notice" ADD CONSTRAINT "system_notice_term_id_fkey" FOREIGN KEY ("term_id") REFERENCES "system_term"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_notice" ADD CONSTRAINT "system_notice_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_notice" ADD CONSTRAINT "system_notice_mail_id_fkey" FOREIGN KEY ("mail_id") REFERENCES "mail"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_stop" ADD CONSTRAINT "system_stop_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_stop" ADD CONSTRAINT "system_stop_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_use" ADD CONSTRAINT "system_use_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "system_use" ADD CONSTRAINT "system_use_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_plan" ADD CONSTRAINT "export_plan_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_plan" ADD CONSTRAINT "export_plan_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_plan_run" ADD CONSTRAINT "export_plan_run_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "export_plan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "api_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_write" ADD CONSTRAINT "api_write_system_id_fkey" FOREIGN KEY ("system_id") REFERENCES "system"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the schema files cannot say: checks, partial and covering indexes, statistics.

ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_claim" CHECK (((claim_id IS NULL) = (claimed_until IS NULL)));
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_on_record" CHECK (((state <> 'in_orcid'::affiliation_state) OR ((put_code IS NOT NULL) AND (written_revision IS NOT NULL) AND (removal IS NULL))));
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_work" CHECK (((kind = 'work'::affiliation_kind) = (work IS NOT NULL)));
ALTER TABLE "audit_checkpoint" ADD CONSTRAINT "audit_checkpoint_whole" CHECK (((number > 0) AND (count > 0) AND (first_event_id <= last_event_id) AND (octet_length(digests) = (count * 40))));
ALTER TABLE "installation" ADD CONSTRAINT "installation_single" CHECK ((id = 1));
ALTER TABLE "note" ADD CONSTRAINT "note_text_check" CHECK (((text IS NULL) = (removed_at IS NOT NULL)));
ALTER TABLE "note" ADD CONSTRAINT "note_text_length_check" CHECK (((char_length(text) >= 1) AND (char_length(text) <= 2000)));
ALTER TABLE "orcid_rate_limit" ADD CONSTRAINT "orcid_rate_limit_one_row" CHECK ((id = 1));
ALTER TABLE "binding" ADD CONSTRAINT "binding_end" CHECK (((ended_at IS NULL) = (ended IS NULL)));
ALTER TABLE "conflict" ADD CONSTRAINT "conflict_resolved" CHECK (((resolved_at IS NULL) = (resolution IS NULL)));
ALTER TABLE "person" ADD CONSTRAINT "person_known_orcid_form" CHECK ((known_orcid ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$'));
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_orcid_form" CHECK ((orcid ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$'));
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_primary_orcid_form" CHECK ((primary_orcid ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$'));
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_orcid_form" CHECK ((orcid ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$'));
ALTER TABLE "writing_confirmation" ADD CONSTRAINT "writing_confirmation_one" CHECK ((id = 1));

-- Finds a word anywhere, and one of one or two characters where a word begins: the index knows three at a time.
CREATE FUNCTION search_pattern(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (CASE WHEN length(btrim(fold($1))) < 3 THEN '% '::text ELSE '%'::text END
  || regexp_replace(NULLIF(CASE WHEN length(btrim(fold($1))) < 3 THEN btrim(fold(spaced($1))) ELSE btrim(fold($1)) END, ''::text), '([\\%_])'::text, '\\\1'::text, 'g'::text)) || '%'::text;

-- The operators of pg_trgm, wherever a host keeps the extension.
CREATE FUNCTION is_like(words text, search_text text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN search_text %> fold(words);

CREATE FUNCTION likeness(words text, search_text text)
 RETURNS real
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN word_similarity(fold(words), search_text);

CREATE UNIQUE INDEX affiliation_identifier ON affiliation (person_id, kind, lower(external_id));
CREATE UNIQUE INDEX affiliation_put_code ON affiliation (researcher_id, kind, put_code) WHERE (put_code IS NOT NULL);
CREATE INDEX audit_event_refused_idx ON audit_event (id) WHERE (action = 'affiliation.refused'::text);
CREATE INDEX audit_event_of_grants_idx ON audit_event (id) WHERE (action ~~ 'grant.%'::text);
CREATE INDEX authorization_attempt_sealed_return_idx ON authorization_attempt (expires_at) WHERE (sealed_return IS NOT NULL);
CREATE INDEX invitation_link_not_me_idx ON invitation_link (not_me_at) WHERE (not_me_at IS NOT NULL);
CREATE INDEX grant_due_idx ON "grant" (next_check_at, id) WHERE ((state = 'live'::grant_state) AND (sealed_access_token IS NOT NULL));
CREATE INDEX grant_kept_idx ON "grant" (next_check_at, id) WHERE ((state = ANY (ARRAY['withdrawn_at_orcid'::grant_state, 'record_deprecated'::grant_state, 'record_deactivated'::grant_state])) AND (sealed_access_token IS NOT NULL));
CREATE UNIQUE INDEX binding_open_of_person_idx ON binding (person_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX binding_open_of_researcher_idx ON binding (researcher_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX conflict_open_idx ON conflict (kind, person_id, other_person_id) NULLS NOT DISTINCT WHERE (resolved_at IS NULL);
CREATE INDEX person_department_path_idx ON person (department text_pattern_ops);
CREATE INDEX person_missing_idx ON person (id) WHERE (missing_since IS NOT NULL);
CREATE INDEX person_known_orcid_idx ON person (known_orcid) WHERE (known_orcid IS NOT NULL);
CREATE INDEX audit_event_person_idx ON audit_event ((detail ->> 'personId'::text), id) WHERE ((detail ->> 'personId'::text) IS NOT NULL);
CREATE INDEX person_confidential_idx ON person (id, researcher_id) WHERE confidential;
CREATE INDEX person_roster_idx ON person (origin) WHERE (origin <> 'connected'::person_origin);
CREATE INDEX person_leaves_on_idx ON person (leaves_on) WHERE (leaves_on IS NOT NULL);
CREATE INDEX person_email_idx ON person (lower(email)) WHERE (email IS NOT NULL);
CREATE INDEX person_number_idx ON person (ltrim(local_id, '0'::text)) WHERE (local_id IS NOT NULL);
CREATE INDEX person_roster_name_idx ON person (fold(((given_name || ' '::text) || family_name))) WHERE (family_name IS NOT NULL);
-- The orders of the list of iDs. With the connection and the last check, other people are passed over without reading their
-- rows; with the column of the expression, PostgreSQL counts in the index alone.
CREATE INDEX person_by_checked_idx ON person (COALESCE(last_checked_at, '-infinity'::timestamp with time zone), id, connection) INCLUDE (last_checked_at) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_confirmed_idx ON person (COALESCE(last_confirmed_at, '-infinity'::timestamp with time zone), id, connection, COALESCE(first_connected_at, '-infinity'::timestamp with time zone), COALESCE(last_checked_at, '-infinity'::timestamp with time zone)) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_connected_idx ON person (COALESCE(first_connected_at, '-infinity'::timestamp with time zone), id, connection) INCLUDE (first_connected_at) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_expires_idx ON person (COALESCE(expires_at, 'infinity'::timestamp with time zone), id, connection) INCLUDE (expires_at) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_name_idx ON person ((COALESCE(name, U&'\FFFF'::text)) COLLATE "und-x-icu", id, connection) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_orcid_idx ON person (orcid, id, connection, COALESCE(last_checked_at, '-infinity'::timestamp with time zone)) WHERE (listed AND (connection IS NOT NULL));
CREATE INDEX person_by_withdrew_idx ON person (COALESCE(withdrew_at, '-infinity'::timestamp with time zone), id) WHERE (connection = 'withdrawn'::researcher_state);
CREATE INDEX person_conflict_idx ON person (id) WHERE conflict;
CREATE INDEX person_unanswered_idx ON person (id) WHERE (unanswered_since IS NOT NULL);
-- The orders of the list of people.
CREATE INDEX person_listed_by_name_idx ON person ((COALESCE(name, U&'\FFFF'::text)) COLLATE "und-x-icu", id, connection, kind, state) WHERE listed;
CREATE INDEX person_listed_by_added_idx ON person (added_at, id, connection, kind, state) WHERE listed;
-- Whom systems can be given, in the order of their pages; and the changes that have no position yet.
CREATE INDEX person_with_id_idx ON person (id) WHERE (listed AND (researcher_id IS NOT NULL));
CREATE INDEX change_log_new_idx ON change_log (at, id) WHERE (position IS NULL);
-- Coverage is counted in these alone.
CREATE INDEX person_coverage_idx ON person (department, kind, connection) WHERE (listed AND ((local_id IS NOT NULL) OR (origin <> 'connected'::person_origin)) AND (state = ANY (ARRAY['active'::person_state, 'leaving'::person_state])));
CREATE INDEX person_unrostered_idx ON person (department, connection) WHERE (listed AND (local_id IS NULL) AND (origin = 'connected'::person_origin));
CREATE UNIQUE INDEX system_use_of_researcher_idx ON system_use (system_id, researcher_id, "right", used_on) WHERE (researcher_id IS NOT NULL);
CREATE UNIQUE INDEX system_use_of_lists_idx ON system_use (system_id, "right", used_on) WHERE (researcher_id IS NULL);
CREATE INDEX researcher_conflict_idx ON researcher (id) WHERE conflict;
CREATE INDEX researcher_primary_orcid_idx ON researcher (primary_orcid) WHERE ((primary_orcid IS NOT NULL) AND (merged_into_id IS NULL));

ALTER TABLE "person" ALTER COLUMN "search_text" SET STATISTICS 400;
CREATE STATISTICS "person_connection_statistics" (mcv) ON "connection", "finding", "conflict" FROM "person";

-- Rows of files.

-- A text that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection): one more
-- apostrophe before = + - @, a tab, CR, LF or a full-width form, also behind apostrophes, so that it can be taken away again.
CREATE FUNCTION formula_safe(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ascii(ltrim($1, '''')) IN (9, 10, 13, 43, 45, 61, 64, 65291, 65293, 65309, 65312) THEN '''' || $1 ELSE $1 END;

-- ISO 8601 in UTC. Half the work of to_char.
CREATE FUNCTION iso_time(timestamptz)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN btrim(to_json($1 AT TIME ZONE 'UTC')::text, '"') || 'Z';

CREATE FUNCTION one_line(text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN replace(replace($1, E'\r', ' '), E'\n', ' ');

-- Without line breaks in a text, every line feed of a COPY ends a row.
CREATE VIEW export_row AS
SELECT researcher_id AS id, orcid,
  CASE registry WHEN 'sandbox' THEN 'https://sandbox.orcid.org/' ELSE 'https://orcid.org/' END || orcid AS orcid_uri,
  one_line(orcid_name) AS name,
  one_line(given_name) AS given_name,
  one_line(family_name) AS family_name,
  connection AS state_code,
  live_scopes <> '{}' AND (finding IS NULL OR finding NOT IN ('wrong_record', 'record_locked')) AS authenticated,
  iso_time(authenticated_at) AS authenticated_at,
  CASE WHEN connection NOT IN ('connected', 'identity_only') THEN 'ended' WHEN finding = 'being_checked' THEN 'being_checked'
    ELSE 'live' END AS permission_code,
  live_scopes AS scopes,
  ARRAY(SELECT iso_time(at) FROM unnest(live_scopes_given_at) WITH ORDINALITY AS given (at, place) ORDER BY place)
    AS scopes_given_at,
  iso_time(first_connected_at) AS first_connected_at,
  iso_time(last_confirmed_at) AS last_confirmed_at,
  iso_time(expires_at) AS expires_at,
  iso_time(withdrew_at) AS withdrew_at,
  iso_time(last_checked_at) AS last_checked_at,
  finding AS finding_code,
  iso_time(unanswered_since) AS unanswered_since,
  one_line(department) AS department,
  one_line(local_id) AS local_id,
  conflict,
  primary_orcid
FROM person WHERE researcher_id IS NOT NULL AND NOT confidential;

-- Everybody on the roster and everybody who connected. An iD that a file gave stands apart: it proves nothing.
CREATE VIEW people_row AS
SELECT id,
  one_line(local_id) AS local_id,
  one_line(name) AS name,
  one_line(given_name) AS given_name,
  one_line(family_name) AS family_name,
  one_line(email) AS email,
  one_line(department) AS department,
  kind AS kind_code,
  state AS person_state_code,
  leaves_on::text AS leaves_on,
  orcid,
  CASE registry WHEN 'sandbox' THEN 'https://sandbox.orcid.org/' ELSE 'https://orcid.org/' END || orcid AS orcid_uri,
  live_scopes <> '{}' AND (finding IS NULL OR finding NOT IN ('wrong_record', 'record_locked')) AS authenticated,
  connection AS state_code,
  live_scopes AS scopes,
  iso_time(first_connected_at) AS first_connected_at,
  iso_time(withdrew_at) AS withdrew_at,
  known_orcid AS unauthenticated_orcid,
  conflict
FROM person WHERE listed;

-- Everything that the institution writes to records. A file that comes back is compared with this, cell by cell.
CREATE VIEW affiliation_row AS
SELECT a.id,
  a.put_code,
  a.state AS state_code,
  one_line(a.reason) AS reason,
  p.orcid,
  one_line(p.local_id) AS local_id,
  one_line(p.email) AS email,
  one_line(p.name) AS name,
  a.kind AS type,
  one_line(a.title) AS title,
  one_line(a.department) AS department,
  a.start_on AS start_date,
  a.end_on AS end_date,
  one_line(a.external_id) AS external_id,
  one_line(a.url) AS url
FROM affiliation a JOIN person p ON p.id = a.person_id WHERE NOT p.confidential AND a.kind <> 'work';

-- Works, in the columns that a file of works may have.
CREATE VIEW work_row AS
SELECT a.id,
  a.put_code,
  a.state AS state_code,
  one_line(a.reason) AS reason,
  p.orcid,
  one_line(p.local_id) AS local_id,
  one_line(p.email) AS email,
  one_line(p.name) AS name,
  split_part(a.external_id, ':', 1) AS id_type,
  one_line(substr(a.external_id, strpos(a.external_id, ':') + 1)) AS external_id,
  a.work ->> 'type' AS type,
  one_line(a.title) AS title,
  one_line(a.work ->> 'subtitle') AS subtitle,
  one_line(a.work ->> 'journalTitle') AS journal,
  a.start_on AS date,
  (SELECT one_line(string_agg((each ->> 'name') || coalesce(' (' || (each ->> 'role') || ')', '')
      || coalesce(' [' || (each ->> 'orcid') || ']', ''), '; ' ORDER BY place))
    FROM jsonb_array_elements(a.work -> 'contributors') WITH ORDINALITY AS given (each, place)) AS contributors,
  one_line(a.url) AS url
FROM affiliation a JOIN person p ON p.id = a.person_id WHERE NOT p.confidential AND a.kind = 'work';

CREATE VIEW audit_row AS
SELECT event.id,
  iso_time(event.at) AS at,
  event.action,
  event.actor_kind,
  coalesce(staff.orcid, actor.orcid) AS actor_orcid,
  one_line(coalesce(receiver.name, CASE WHEN staff.id IS NULL THEN actor.name ELSE staff.name END)) AS actor_name,
  subject.orcid AS subject_orcid,
  CASE subject.registry WHEN 'sandbox' THEN 'https://sandbox.orcid.org/' ELSE 'https://orcid.org/' END || subject.orcid
    AS subject_orcid_uri,
  one_line(subject.name) AS subject_name,
  event.attempt_id,
  event.grant_id,
  event.request_id,
  event.detail::text AS detail
FROM audit_event event
LEFT JOIN researcher subject ON subject.id = event.researcher_id
LEFT JOIN researcher actor ON actor.id = event.actor_id AND event.actor_kind = 'researcher'
LEFT JOIN staff_member staff ON staff.id = event.actor_id AND event.actor_kind = 'staff'
LEFT JOIN system receiver ON receiver.id = event.actor_id AND event.actor_kind = 'api';

-- A work of which its person has not yet said that it may be added waits, whatever else lets it go. An answer counts for
-- one record: whoever gets the work next is asked again.
CREATE FUNCTION ask_for_work()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  IF NEW.researcher_id IS NULL THEN
    NEW.asks := true;
  ELSIF NEW.asks AND NEW.removal IS NULL AND NEW.state IN ('pending', 'updating') THEN
    NEW.state := 'waiting_for_answer';
  END IF;
  RETURN NEW;
END
$function$;

CREATE TRIGGER affiliation_asks BEFORE INSERT OR UPDATE ON affiliation FOR EACH ROW WHEN ((NEW.kind = 'work'::affiliation_kind)) EXECUTE FUNCTION ask_for_work();

-- What is written once is not changed or deleted.

CREATE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$function$;

CREATE TRIGGER audit_event_append_only BEFORE DELETE OR UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoint_append_only BEFORE DELETE OR UPDATE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoint_no_truncate BEFORE TRUNCATE ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_figure_append_only BEFORE DELETE OR UPDATE ON daily_figure FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_figure_no_truncate BEFORE TRUNCATE ON daily_figure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_part_append_only BEFORE DELETE OR UPDATE ON export_part FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_part_no_truncate BEFORE TRUNCATE ON export_part FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Writes the figures of each day up to one, from the first that has none. Permissions that followed one another without a
-- gap are one span, so that a person is counted once however often they connected again. Who was on the roster is known
-- of the last day alone: of it, coverage is written as well, for all, for each kind, and for each department with all
-- below it.
CREATE FUNCTION write_daily_figures(time_zone text, last date)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  WITH permission AS (
    SELECT researcher_id, granted_at, ended_at, state FROM "grant"
    WHERE NOT scopes <@ ARRAY['openid', '/authenticate', '/read-public'] AND (ended_at IS NULL OR ended_at > granted_at)
      AND researcher_id NOT IN (SELECT researcher_id FROM person WHERE confidential AND researcher_id IS NOT NULL)
  ), span AS (
    SELECT researcher_id, lower(part) AS began, upper(part) AS ended
    FROM (SELECT researcher_id, range_agg(tstzrange(granted_at, ended_at)) AS parts FROM permission GROUP BY 1) AS whole,
      unnest(parts) AS part
  ), unwritten AS (
    SELECT generate_series(
      coalesce((SELECT max(day) + 1 FROM daily_figure WHERE figure = 'connected'), (SELECT min(began AT TIME ZONE $1)::date FROM span),
      (SELECT $2 WHERE EXISTS (SELECT FROM person WHERE origin <> 'connected'))), $2, '1 day'
    )::date AS day
  ), change AS (
    SELECT (began AT TIME ZONE $1)::date AS day, 1 AS people FROM span
    UNION ALL SELECT (ended AT TIME ZONE $1)::date, -1 FROM span WHERE ended IS NOT NULL
    UNION ALL SELECT day, 0 FROM unwritten
  ), figures AS (
    SELECT day, 'connected' AS figure, '' AS dimension, sum(sum(people)) OVER (ORDER BY day) AS value
    FROM change GROUP BY day
    UNION ALL
    SELECT (first AT TIME ZONE $1)::date, 'first_connected', '', count(*)
    FROM (SELECT min(began) AS first FROM span GROUP BY researcher_id) AS beginning GROUP BY 1
    UNION ALL
    SELECT (ended AT TIME ZONE $1)::date, 'withdrew', dimension, count(*)
    FROM (
      SELECT DISTINCT ON (p.researcher_id, p.ended_at) span.ended,
        CASE p.state WHEN 'withdrawn_here' THEN 'here' ELSE 'at_orcid' END AS dimension
      FROM span JOIN permission p ON p.researcher_id = span.researcher_id AND p.ended_at = span.ended
      WHERE p.state IN ('withdrawn_here', 'withdrawn_at_orcid') ORDER BY p.researcher_id, p.ended_at, p.state
    ) AS withdrawal GROUP BY 1, 3
  ), ours AS (
    SELECT kind, department, count(*) AS people, count(then_connected.researcher_id) AS connected
    FROM person LEFT JOIN (
      SELECT DISTINCT researcher_id FROM span
      WHERE (began AT TIME ZONE $1)::date <= $2 AND (ended IS NULL OR (ended AT TIME ZONE $1)::date > $2)
    ) AS then_connected USING (researcher_id)
    WHERE listed AND (local_id IS NOT NULL OR origin <> 'connected') AND state IN ('active', 'leaving')
      AND (added_at AT TIME ZONE $1)::date <= $2
    GROUP BY 1, 2
  ), coverage AS (
    SELECT dimension, sum(people) AS people, sum(connected) AS connected
    FROM ours, LATERAL (
      SELECT '' AS dimension
      UNION ALL SELECT 'kind/' || kind WHERE kind IS NOT NULL
      UNION ALL SELECT 'department/' || array_to_string(parts[:depth], ' / ')
      FROM string_to_array(department, ' / ') AS parts, generate_series(1, cardinality(parts)) AS depth
    ) AS dimensions GROUP BY 1
  )
  INSERT INTO daily_figure (day, figure, dimension, value)
  SELECT day, figure::figure, dimension, value FROM figures JOIN unwritten USING (day)
  UNION ALL
  SELECT day, figure, dimension, value FROM unwritten, coverage,
    LATERAL (VALUES ('people'::figure, people), ('people_connected', connected)) AS counted (figure, value)
  WHERE day = $2
  ON CONFLICT DO NOTHING
$function$;

-- Marks of a researcher that follow from other rows.

CREATE FUNCTION is_in_conflict(r researcher)
 RETURNS boolean
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  SELECT r.finding IS NOT DISTINCT FROM 'wrong_record'
    OR (r.state IN ('connected', 'identity_only') AND EXISTS (
      SELECT FROM researcher o WHERE o.id <> r.id AND o.state IN ('connected', 'identity_only')
        AND (o.id = r.merged_into_id OR o.merged_into_id = r.id)))
$function$;

CREATE FUNCTION is_staff_only(r researcher)
 RETURNS boolean
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  SELECT r.state <> 'connected'
    AND EXISTS (SELECT FROM staff_member s WHERE s.orcid = r.orcid AND s.ended_at IS NULL)
    AND NOT EXISTS (
      SELECT FROM "grant" g WHERE g.researcher_id = r.id AND NOT g.scopes <@ ARRAY['openid', '/authenticate', '/read-public'])
$function$;

CREATE FUNCTION mark_conflict()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  NEW.conflict := is_in_conflict(NEW);
  RETURN NEW;
END $function$;

CREATE FUNCTION mark_conflicts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  ids uuid[];
  heirs uuid[];
  wrong uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(id), array_agg(merged_into_id) INTO ids, heirs FROM came WHERE merged_into_id IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(id), array_agg(merged_into_id) INTO ids, heirs FROM went WHERE merged_into_id IS NOT NULL;
  ELSE
    SELECT array_agg(id), array_agg(merged_into_id) INTO ids, heirs FROM (
      (SELECT id, merged_into_id, state FROM came EXCEPT SELECT id, merged_into_id, state FROM went)
      UNION ALL
      (SELECT id, merged_into_id, state FROM went EXCEPT SELECT id, merged_into_id, state FROM came)
    ) AS changed;
  END IF;
  IF ids IS NULL THEN RETURN NULL; END IF;
  wrong := ARRAY(
    SELECT r.id FROM researcher r
    WHERE (r.id = ANY (heirs) OR r.merged_into_id = ANY (ids)) AND r.conflict <> is_in_conflict(r)
    FOR NO KEY UPDATE SKIP LOCKED);
  -- An update of nothing would call all triggers all the same.
  IF wrong <> '{}' THEN UPDATE researcher SET conflict = NOT conflict WHERE id = ANY (wrong); END IF;
  RETURN NULL;
END $function$;

CREATE FUNCTION mark_staff_only()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  NEW.staff_only := is_staff_only(NEW);
  RETURN NEW;
END $function$;

CREATE FUNCTION mark_staff_member_only()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE researcher r SET staff_only = NOT staff_only WHERE r.orcid = NEW.orcid AND r.staff_only <> is_staff_only(r);
  RETURN NULL;
END $function$;

CREATE TRIGGER researcher_conflict BEFORE INSERT OR UPDATE OF state, finding, merged_into_id, conflict ON researcher FOR EACH ROW EXECUTE FUNCTION mark_conflict();
CREATE TRIGGER researcher_conflict_changed AFTER UPDATE ON researcher REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION mark_conflicts();
CREATE TRIGGER researcher_conflict_gone AFTER DELETE ON researcher REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION mark_conflicts();
CREATE TRIGGER researcher_conflict_new AFTER INSERT ON researcher REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION mark_conflicts();
CREATE TRIGGER researcher_staff_only BEFORE INSERT OR UPDATE OF state ON researcher FOR EACH ROW WHEN (((new.state <> 'connected'::researcher_state) OR new.staff_only)) EXECUTE FUNCTION mark_staff_only();
CREATE TRIGGER staff_member_staff_only AFTER INSERT OR UPDATE OF ended_at ON staff_member FOR EACH ROW EXECUTE FUNCTION mark_staff_member_only();

-- What a person has from their iD.

CREATE FUNCTION derive_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  r researcher;
BEGIN
  SELECT * INTO r FROM researcher WHERE id = NEW.researcher_id;
  NEW.orcid := r.orcid;
  NEW.registry := r.registry;
  NEW.orcid_name := r.name;
  NEW.connection := r.state;
  NEW.live_scopes := coalesce(r.live_scopes, '{}');
  NEW.live_scopes_given_at := coalesce(r.live_scopes_given_at, '{}');
  NEW.first_connected_at := r.first_connected_at;
  NEW.last_confirmed_at := r.last_confirmed_at;
  NEW.expires_at := r.expires_at;
  NEW.withdrew_at := r.withdrew_at;
  NEW.last_checked_at := r.last_checked_at;
  NEW.finding := r.finding;
  NEW.unanswered_since := r.unanswered_since;
  NEW.primary_orcid := r.primary_orcid;
  NEW.authenticated_at := r.created_at;
  NEW.staff_only := coalesce(r.staff_only, false);
  NEW.conflict := coalesce(r.conflict, false) OR EXISTS (
    SELECT FROM conflict c WHERE c.resolved_at IS NULL AND c.kind <> 'proposal' AND NEW.id IN (c.person_id, c.other_person_id));
  RETURN NEW;
END $function$;

CREATE FUNCTION add_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  WITH added AS (INSERT INTO person (researcher_id, origin) VALUES (NEW.id, 'connected') RETURNING id)
  INSERT INTO binding (person_id, researcher_id, proof, made_by_kind) SELECT id, NEW.id, 'connection', 'system' FROM added;
  RETURN NULL;
END $function$;

CREATE FUNCTION remove_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  DELETE FROM person WHERE researcher_id = OLD.id AND origin = 'connected' AND local_id IS NULL;
  RETURN OLD;
END $function$;

CREATE FUNCTION refresh_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE person SET researcher_id = NEW.id WHERE researcher_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE FUNCTION refresh_people_in_conflict()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE person SET researcher_id = researcher_id
  WHERE id IN (NEW.person_id, NEW.other_person_id, OLD.person_id, OLD.other_person_id);
  RETURN NULL;
END $function$;

CREATE TRIGGER person_derived BEFORE INSERT OR UPDATE OF researcher_id ON person FOR EACH ROW EXECUTE FUNCTION derive_person();
CREATE TRIGGER researcher_person AFTER INSERT ON researcher FOR EACH ROW EXECUTE FUNCTION add_person();
CREATE TRIGGER researcher_person_gone BEFORE DELETE ON researcher FOR EACH ROW EXECUTE FUNCTION remove_person();
CREATE TRIGGER researcher_person_changed AFTER UPDATE ON researcher FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION refresh_person();
CREATE TRIGGER conflict_of_people AFTER INSERT OR DELETE OR UPDATE ON conflict FOR EACH ROW EXECUTE FUNCTION refresh_people_in_conflict();

-- Whom nobody asks any more: in the transaction of the change, whoever makes it.

CREATE FUNCTION end_asking()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  gone boolean := NEW.state IN ('paused', 'left') OR NEW.confidential OR NEW.merged_into_id IS NOT NULL;
  connected boolean := coalesce(NEW.connection IN ('connected', 'identity_only'), false);
BEGIN
  IF lower(NEW.email) IS DISTINCT FROM lower(OLD.email) THEN
    UPDATE invitation_link l SET revoked_at = now() FROM invitation i
    WHERE i.id = l.invitation_id AND i.person_id = NEW.id AND l.revoked_at IS NULL AND l.email = lower(OLD.email);
  END IF;
  WITH ended AS (
    UPDATE invitation i SET ended_at = now(), ended = CASE WHEN gone THEN 'left' ELSE 'allowed' END::invitation_end
    -- Declined ones too: to staff they look like open ones.
    WHERE i.person_id = NEW.id AND (i.ended_at IS NULL OR i.ended = 'declined') AND (gone
      OR connected AND i.scopes <> '{}' AND NEW.live_scopes @> i.scopes
      OR connected AND EXISTS (SELECT FROM campaign c WHERE c.id = i.campaign_id AND CASE c.kind
        WHEN 'ask' THEN NEW.live_scopes @> c.scopes
        WHEN 'expiring' THEN NEW.expires_at >= now() + interval '24 months'
        ELSE false END))
    RETURNING i.id)
  UPDATE mail m SET state = 'suppressed', reason = 'ended' FROM ended
  WHERE m.invitation_id = ended.id AND m.state = 'waiting' AND m.kind = 'invitation';
  RETURN NULL;
END $function$;

CREATE TRIGGER person_not_asked AFTER UPDATE ON person FOR EACH ROW WHEN ((OLD.email, OLD.state, OLD.confidential, OLD.merged_into_id, OLD.connection, OLD.live_scopes, OLD.expires_at) IS DISTINCT FROM (NEW.email, NEW.state, NEW.confidential, NEW.merged_into_id, NEW.connection, NEW.live_scopes, NEW.expires_at)) EXECUTE FUNCTION end_asking();

-- What a member exchanges at ORCID has as much power as the person allows us: it ends when they allow nothing any more.

CREATE FUNCTION end_delegations()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE delegation SET ended_at = now() WHERE researcher_id = NEW.id AND ended_at IS NULL;
  RETURN NULL;
END $function$;

CREATE TRIGGER researcher_allows_nothing AFTER UPDATE OF state ON researcher FOR EACH ROW WHEN (OLD.state = 'connected' AND NEW.state <> 'connected') EXECUTE FUNCTION end_delegations();

-- Somebody was told of a system when the mail went out, unless it came back.

CREATE FUNCTION note_telling()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  UPDATE system_notice SET told_at = CASE WHEN NEW.state = 'sent' AND NEW.bounced_at IS NULL THEN NEW.sent_at END
  WHERE mail_id = NEW.id;
  RETURN NULL;
END $function$;

CREATE TRIGGER mail_told AFTER UPDATE OF state, bounced_at ON mail FOR EACH ROW WHEN ((NEW.template = 'system_notice'::text)) EXECUTE FUNCTION note_telling();
-- What systems with a copy of the list are told: of people who have, or had, an iD.

CREATE FUNCTION note_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
DECLARE
  kinds text[] := '{}';
  replaced_by uuid;
  was boolean := coalesce(OLD.connection IN ('connected', 'identity_only'), false);
  is_now boolean := coalesce(NEW.connection IN ('connected', 'identity_only'), false);
  is_same_id boolean := OLD.researcher_id IS NOT DISTINCT FROM NEW.researcher_id;
BEGIN
  IF TG_OP = 'DELETE' THEN
    replaced_by := nullif(current_setting('concord.replaced_by', true), '')::uuid;
    kinds := ARRAY[CASE WHEN replaced_by IS NULL THEN 'person.erased' ELSE 'person.merged' END];
  ELSE
    kinds := array_remove(ARRAY[
      CASE WHEN TG_OP = 'UPDATE' AND NOT is_same_id AND OLD.researcher_id IS NOT NULL THEN 'person.unbound' END,
      CASE WHEN TG_OP = 'UPDATE' AND NOT is_same_id AND NEW.researcher_id IS NOT NULL THEN 'person.bound' END,
      CASE WHEN is_now AND NOT was THEN 'connection.created' END,
      CASE WHEN is_now AND was AND (OLD.connection, OLD.live_scopes, OLD.live_scopes_given_at, OLD.expires_at)
        IS DISTINCT FROM (NEW.connection, NEW.live_scopes, NEW.live_scopes_given_at, NEW.expires_at) THEN 'connection.changed' END,
      CASE WHEN NEW.primary_orcid IS NOT NULL AND OLD.primary_orcid IS NULL AND is_same_id THEN 'id.merged' END,
      CASE WHEN was AND is_same_id AND NEW.connection IN ('withdrawn', 'expired') THEN 'connection.' || NEW.connection END,
      CASE WHEN NEW.merged_into_id IS NOT NULL AND OLD.merged_into_id IS NULL THEN 'person.merged' END,
      CASE WHEN NEW.state IN ('paused', 'left') AND OLD.state IN ('active', 'leaving') THEN 'person.left' END], NULL);
  END IF;
  INSERT INTO change_log (person_id, into_id, kind)
  SELECT coalesce(NEW.id, OLD.id), replaced_by, kind
  FROM unnest(CASE WHEN kinds = '{}' THEN ARRAY[NULL] ELSE kinds END) AS kind;
  -- Systems that will cover them, by a notice to their iD, will do so under this person.
  IF TG_OP <> 'DELETE' AND NEW.researcher_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.researcher_id IS DISTINCT FROM NEW.researcher_id) THEN
    INSERT INTO change_log (person_id, system_id, at)
    SELECT NEW.id, t.system_id, n.told_at + interval '14 days' FROM system_notice n JOIN system_term t ON t.id = n.term_id
    WHERE n.researcher_id = NEW.researcher_id AND n.told_at > now() - interval '14 days';
  END IF;
  RETURN NULL;
END $function$;

CREATE FUNCTION note_change_of_grant()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO change_log (person_id) SELECT id FROM person WHERE researcher_id = NEW.researcher_id;
  RETURN NULL;
END $function$;

CREATE FUNCTION note_change_of_stop()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  INSERT INTO change_log (person_id, system_id, kind)
  SELECT id, coalesce(NEW.system_id, OLD.system_id), CASE WHEN TG_OP = 'INSERT' THEN 'permission.paused' ELSE 'permission.resumed' END
  FROM person WHERE researcher_id = coalesce(NEW.researcher_id, OLD.researcher_id);
  RETURN NULL;
END $function$;

-- A notice covers after 14 days; one that came back does not.
CREATE FUNCTION note_change_of_notice()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.told_at IS NULL THEN RETURN NULL; END IF;
  INSERT INTO change_log (person_id, system_id, at)
  SELECT p.id, t.system_id, greatest(coalesce(NEW.told_at, '-infinity') + interval '14 days', now())
  FROM person p, system_term t WHERE p.researcher_id = NEW.researcher_id AND t.id = NEW.term_id;
  RETURN NULL;
END $function$;

-- What became of an item that a system asked for. For every table of items with these columns.
CREATE FUNCTION note_item()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND (NEW.state <> 'in_orcid' OR OLD.written_revision IS NOT DISTINCT FROM NEW.written_revision) THEN
    RETURN NULL;
  END IF;
  INSERT INTO change_log (person_id, system_id, item_id, kind)
  VALUES (NEW.person_id, NEW.system_id, NEW.id,
    CASE NEW.state WHEN 'in_orcid' THEN 'item.written' WHEN 'refused' THEN 'item.refused' ELSE 'item.deleted' END);
  RETURN NULL;
END $function$;

CREATE TRIGGER affiliation_event AFTER INSERT OR UPDATE OF state, written_revision ON affiliation FOR EACH ROW WHEN ((NEW.system_id IS NOT NULL AND NEW.state IN ('in_orcid', 'refused', 'deleted', 'deleted_by_person'))) EXECUTE FUNCTION note_item();
CREATE TRIGGER person_new AFTER INSERT ON person FOR EACH ROW WHEN ((NEW.orcid IS NOT NULL)) EXECUTE FUNCTION note_change();
CREATE TRIGGER person_gone AFTER DELETE ON person FOR EACH ROW EXECUTE FUNCTION note_change();
-- Every column that `GET /people` shows, or that decides whether it shows somebody.
CREATE TRIGGER person_changed AFTER UPDATE ON person FOR EACH ROW WHEN ((OLD.orcid IS NOT NULL OR NEW.orcid IS NOT NULL OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) AND (
  OLD.orcid IS DISTINCT FROM NEW.orcid OR
  OLD.registry IS DISTINCT FROM NEW.registry OR
  OLD.local_id IS DISTINCT FROM NEW.local_id OR
  OLD.name IS DISTINCT FROM NEW.name OR
  OLD.department IS DISTINCT FROM NEW.department OR
  OLD.kind IS DISTINCT FROM NEW.kind OR
  OLD.state IS DISTINCT FROM NEW.state OR
  OLD.listed IS DISTINCT FROM NEW.listed OR
  OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id OR
  OLD.connection IS DISTINCT FROM NEW.connection OR
  OLD.live_scopes IS DISTINCT FROM NEW.live_scopes OR
  OLD.live_scopes_given_at IS DISTINCT FROM NEW.live_scopes_given_at OR
  OLD.first_connected_at IS DISTINCT FROM NEW.first_connected_at OR
  OLD.last_confirmed_at IS DISTINCT FROM NEW.last_confirmed_at OR
  OLD.expires_at IS DISTINCT FROM NEW.expires_at OR
  OLD.authenticated_at IS DISTINCT FROM NEW.authenticated_at OR
  OLD.finding IS DISTINCT FROM NEW.finding OR
  OLD.primary_orcid IS DISTINCT FROM NEW.primary_orcid OR
  OLD.conflict IS DISTINCT FROM NEW.conflict
)) EXECUTE FUNCTION note_change();
CREATE TRIGGER grant_changed AFTER INSERT OR UPDATE OF state ON "grant" FOR EACH ROW EXECUTE FUNCTION note_change_of_grant();
CREATE TRIGGER system_stop_changed AFTER INSERT OR DELETE ON system_stop FOR EACH ROW EXECUTE FUNCTION note_change_of_stop();
CREATE TRIGGER system_notice_changed AFTER INSERT OR UPDATE OF told_at ON system_notice FOR EACH ROW EXECUTE FUNCTION note_change_of_notice();


-- What the ledger is told.

CREATE FUNCTION note_for_ledger()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
BEGIN
  IF TG_TABLE_NAME = 'erasure' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "at") VALUES ('erased', NEW."researcher_id", NEW."erased_at");
  ELSIF TG_TABLE_NAME = 'do_not_ask' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "at")
    SELECT 'declined', coalesce(NEW."person_id", OLD."person_id"), coalesce(NEW."reason"::text, 'lifted'), coalesce(NEW."at", now());
  ELSIF TG_TABLE_NAME = 'mail_suppression' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "person_id", "at")
    SELECT 'suppressed', coalesce(NEW."address_hash", OLD."address_hash"), coalesce(NEW."reason"::text, 'lifted'), NEW."person_id",
      coalesce(NEW."at", now());
  ELSIF TG_TABLE_NAME = 'system_stop' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "system_id", "at")
    SELECT 'stopped', coalesce(NEW."researcher_id", OLD."researcher_id"), coalesce(NEW."kind"::text, 'lifted'),
      coalesce(NEW."system_id", OLD."system_id"), coalesce(NEW."at", now());
  ELSIF TG_TABLE_NAME = 'objection' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "at")
    SELECT 'objected', coalesce(NEW."hash", OLD."hash"), coalesce(NEW."reason"::text, 'lifted'), coalesce(NEW."at", now());
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "at") VALUES ('granted', NEW."id", NEW."granted_at");
  ELSE
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "at")
    VALUES ('ended', NEW."id", NEW."state", coalesce(NEW."ended_at", now()));
  END IF;
  RETURN NULL;
END $function$;

CREATE TRIGGER do_not_ask_ledger AFTER INSERT OR DELETE OR UPDATE ON do_not_ask FOR EACH ROW EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER mail_suppression_ledger AFTER INSERT OR DELETE OR UPDATE ON mail_suppression FOR EACH ROW EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER system_stop_ledger AFTER INSERT OR DELETE OR UPDATE ON system_stop FOR EACH ROW EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER objection_ledger AFTER INSERT OR DELETE ON objection FOR EACH ROW EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER erasure_ledger AFTER INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER grant_ended_ledger AFTER UPDATE OF state ON "grant" FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION note_for_ledger();
CREATE TRIGGER grant_given_ledger AFTER INSERT ON "grant" FOR EACH ROW WHEN ((new.state = 'live'::grant_state)) EXECUTE FUNCTION note_for_ledger();
