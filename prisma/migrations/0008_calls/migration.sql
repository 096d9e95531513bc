-- CreateEnum
CREATE TYPE "call_purpose" AS ENUM ('check', 'read', 'public', 'affiliation', 'narrow');

-- CreateEnum
CREATE TYPE "call_outcome" AS ENUM ('ok', 'invalid_token', 'wrong_record', 'insufficient_scope', 'deprecated', 'deactivated', 'locked', 'not_found', 'conflict', 'invalid', 'rate_limited', 'unavailable');

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
-- Unlogged, by hand: it is written at every call and worth nothing after a crash.
CREATE UNLOGGED TABLE "orcid_door" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "next_turn_at" TIMESTAMPTZ(6) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "shut_until" TIMESTAMPTZ(6),

    CONSTRAINT "orcid_door_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "orcid_door_one_row" CHECK ("id" = 1)
);

-- CreateTable
CREATE TABLE "client_token" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "client_id" TEXT NOT NULL,
    "sealed_access_token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "obtained_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "client_token_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "client_token_one_row" CHECK ("id" = 1)
);

-- CreateIndex
CREATE INDEX "orcid_call_researcher_id_id_idx" ON "orcid_call"("researcher_id", "id");

-- CreateIndex
CREATE INDEX "orcid_call_at_idx" ON "orcid_call"("at");

-- AddForeignKey
ALTER TABLE "orcid_call" ADD CONSTRAINT "orcid_call_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
