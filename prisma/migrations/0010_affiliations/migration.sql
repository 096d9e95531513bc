-- CreateEnum
CREATE TYPE "affiliation_kind" AS ENUM ('employment', 'education', 'qualification', 'membership', 'service', 'invited_position', 'distinction');

-- CreateEnum
CREATE TYPE "affiliation_origin" AS ENUM ('entered', 'imported');

-- CreateEnum
CREATE TYPE "affiliation_removal" AS ENUM ('staff', 'person');

-- CreateEnum
CREATE TYPE "affiliation_state" AS ENUM ('pending', 'in_orcid', 'updating', 'deleted_by_person', 'refused', 'no_permission', 'person_withdrew', 'waiting_for_orcid', 'deleting', 'deleted');

-- CreateTable
CREATE TABLE "affiliation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "researcher_id" UUID NOT NULL,
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

    CONSTRAINT "affiliation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "affiliation_draft" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "made_by_id" UUID NOT NULL,
    "origin" "affiliation_origin" NOT NULL,
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

-- CreateIndex
CREATE INDEX "affiliation_state_added_at_id_idx" ON "affiliation"("state", "added_at", "id");

-- CreateIndex
CREATE INDEX "affiliation_added_at_id_idx" ON "affiliation"("added_at", "id");

-- CreateIndex
CREATE INDEX "affiliation_state_next_try_at_idx" ON "affiliation"("state", "next_try_at");

-- CreateIndex
CREATE INDEX "affiliation_checked_at_idx" ON "affiliation"("checked_at");

-- CreateIndex
CREATE UNIQUE INDEX "affiliation_researcher_id_kind_external_id_key" ON "affiliation"("researcher_id", "kind", "external_id");

-- CreateIndex
CREATE INDEX "affiliation_draft_expires_at_idx" ON "affiliation_draft"("expires_at");

-- CreateIndex
CREATE INDEX "affiliation_draft_made_by_id_idx" ON "affiliation_draft"("made_by_id");

-- CreateIndex
CREATE INDEX "writing_confirmation_confirmed_by_id_idx" ON "writing_confirmation"("confirmed_by_id");

-- AddForeignKey
ALTER TABLE "affiliation" ADD CONSTRAINT "affiliation_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "researcher"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "affiliation_draft" ADD CONSTRAINT "affiliation_draft_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "writing_confirmation" ADD CONSTRAINT "writing_confirmation_confirmed_by_id_fkey" FOREIGN KEY ("confirmed_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what is said to be on the record has a number there, and a claim has an end.
ALTER TABLE "affiliation"
    ADD CONSTRAINT "affiliation_on_record" CHECK ("state" <> 'in_orcid' OR ("put_code" IS NOT NULL AND "written_revision" IS NOT NULL AND "removal" IS NULL)),
    ADD CONSTRAINT "affiliation_claim" CHECK (("claim_id" IS NULL) = ("claimed_until" IS NULL));

-- By hand: there is one confirmation, and it is not changed.
ALTER TABLE "writing_confirmation" ADD CONSTRAINT "writing_confirmation_one" CHECK ("id" = 1);

-- By hand: ORCID takes identifiers that differ in capitals alone for the same, and a number on a record is one item's.
CREATE UNIQUE INDEX "affiliation_identifier" ON "affiliation"("researcher_id", "kind", lower("external_id"));
CREATE UNIQUE INDEX "affiliation_put_code" ON "affiliation"("researcher_id", "kind", "put_code") WHERE "put_code" IS NOT NULL;
