-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "attempt_purpose" AS ENUM ('connect', 'sign_in');

-- CreateEnum
CREATE TYPE "attempt_state" AS ENUM ('started', 'exchanging', 'recovering', 'saved', 'ended');

-- CreateEnum
CREATE TYPE "attempt_outcome" AS ENUM ('connected', 'updated', 'already_connected', 'fewer', 'different_id', 'signed_in', 'denied', 'nothing_came_back', 'expired', 'orcid_refused', 'orcid_unavailable', 'not_saved');

-- CreateEnum
CREATE TYPE "subject_proof" AS ENUM ('none', 'invitation', 'campus', 'staff');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('researcher', 'staff', 'api_client', 'system');

-- CreateEnum
CREATE TYPE "grant_state" AS ENUM ('live', 'superseded', 'withdrawn_here', 'withdrawn_at_orcid', 'expired', 'code_reused', 'record_deprecated', 'record_deactivated');

-- CreateEnum
CREATE TYPE "registry" AS ENUM ('production', 'sandbox', 'local');

-- CreateEnum
CREATE TYPE "researcher_state" AS ENUM ('connected', 'identity_only', 'withdrawn', 'expired');

-- CreateEnum
CREATE TYPE "revocation_reason" AS ENUM ('superseded', 'withdrawn', 'not_me', 'not_recorded', 'answer_invalid', 'recovered');

-- CreateEnum
CREATE TYPE "staff_role" AS ENUM ('viewer', 'manager', 'admin');

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
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "researcher_id" UUID,

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
CREATE TABLE "grant" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
    "attempt_id" UUID NOT NULL,
    "registry" "registry" NOT NULL,
    "client_id" TEXT NOT NULL,
    "state" "grant_state" NOT NULL DEFAULT 'live',
    "scopes" TEXT[],
    "name_given" TEXT,
    "sealed_access_token" TEXT,
    "sealed_refresh_token" TEXT,
    "sealed_response" TEXT,
    "access_token_hash" TEXT NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "superseded_by_id" UUID,

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "registry" "registry" NOT NULL,
    "sealed_canary" TEXT NOT NULL,
    "sealed_lookup_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "researcher" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "orcid" TEXT NOT NULL,
    "registry" "registry" NOT NULL,
    "name" TEXT,
    "state" "researcher_state" NOT NULL,
    "live_scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "connected_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "last_checked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "researcher_pkey" PRIMARY KEY ("id")
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
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_member" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "orcid" TEXT NOT NULL,
    "name" TEXT,
    "role" "staff_role" NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_member_pkey" PRIMARY KEY ("id")
);

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
CREATE INDEX "authorization_attempt_started_at_idx" ON "authorization_attempt"("started_at");

-- CreateIndex
CREATE INDEX "audit_event_researcher_id_id_idx" ON "audit_event"("researcher_id", "id");

-- CreateIndex
CREATE INDEX "audit_event_at_idx" ON "audit_event"("at");

-- CreateIndex
CREATE UNIQUE INDEX "grant_attempt_id_key" ON "grant"("attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "grant_access_token_hash_key" ON "grant"("access_token_hash");

-- CreateIndex
CREATE INDEX "grant_researcher_id_state_idx" ON "grant"("researcher_id", "state");

-- CreateIndex
CREATE INDEX "grant_state_expires_at_idx" ON "grant"("state", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "researcher_orcid_key" ON "researcher"("orcid");

-- CreateIndex
CREATE INDEX "researcher_state_id_idx" ON "researcher"("state", "id");

-- CreateIndex
CREATE INDEX "researcher_created_at_id_idx" ON "researcher"("created_at", "id");

-- CreateIndex
CREATE INDEX "researcher_connected_at_id_idx" ON "researcher"("connected_at", "id");

-- CreateIndex
CREATE INDEX "researcher_expires_at_id_idx" ON "researcher"("expires_at", "id");

-- CreateIndex
CREATE INDEX "researcher_live_scopes_idx" ON "researcher" USING GIN ("live_scopes");

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
CREATE UNIQUE INDEX "staff_member_orcid_key" ON "staff_member"("orcid");

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_shown_text_hash_fkey" FOREIGN KEY ("shown_text_hash") REFERENCES "shown_text"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_superseded_by_id_fkey" FOREIGN KEY ("superseded_by_id") REFERENCES "grant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Written by hand.

-- An iD is bare and well-formed wherever it comes from. https://support.orcid.org/hc/en-us/articles/360006897674
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_orcid_form" CHECK ("orcid" ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$');
ALTER TABLE "staff_member" ADD CONSTRAINT "staff_member_orcid_form" CHECK ("orcid" ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$');

-- There is one installation.
ALTER TABLE "installation" ADD CONSTRAINT "installation_single" CHECK ("id" = 1);

-- What happened stays written, whoever asks.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- Part of a name or of an iD: lower("name") LIKE '%…%' OR lower("orcid") LIKE '%…%'. Entered at once: a list of pending
-- entries would make every search slow until the next vacuum.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
CREATE INDEX "researcher_search_idx" ON "researcher" USING gin (lower("name") gin_trgm_ops, lower("orcid") gin_trgm_ops)
  WITH (fastupdate = off);

-- The list by name, in the collation that it asks for; people without a name come
-- last. The conditions are worded as the list words them, or PostgreSQL would not know them again.
CREATE INDEX "researcher_name_sort_idx" ON "researcher" ("name" COLLATE "und-x-icu", "id") WHERE "name" COLLATE "und-x-icu" IS NOT NULL;
CREATE INDEX "researcher_nameless_idx" ON "researcher" ("id") WHERE "name" COLLATE "und-x-icu" IS NULL;
