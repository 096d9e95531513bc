-- CreateEnum
CREATE TYPE "finding" AS ENUM ('good', 'insufficient', 'wrong_record', 'record_locked', 'withdrawn_at_orcid', 'record_deprecated', 'record_deactivated', 'unanswered');

-- CreateEnum
CREATE TYPE "check_reason" AS ENUM ('schedule', 'page', 'staff', 'met');

-- AlterTable
ALTER TABLE "grant" ADD COLUMN     "finding" "finding",
ADD COLUMN     "last_checked_at" TIMESTAMPTZ(3),
ADD COLUMN     "next_check_at" TIMESTAMPTZ(3) NOT NULL DEFAULT (now() + (random() * '7 days'::interval)),
ADD COLUMN     "unanswered_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "researcher" ADD COLUMN     "finding" "finding",
ADD COLUMN     "merged_into_id" UUID,
ADD COLUMN     "primary_orcid" TEXT,
ADD COLUMN     "unanswered_since" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "grant_check" (
    "id" BIGSERIAL NOT NULL,
    "grant_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finding" "finding" NOT NULL,
    "reason" "check_reason" NOT NULL,

    CONSTRAINT "grant_check_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "grant_check_grant_id_id_idx" ON "grant_check"("grant_id", "id");

-- CreateIndex
CREATE INDEX "grant_check_at_idx" ON "grant_check"("at");

-- CreateIndex
CREATE INDEX "researcher_merged_into_id_idx" ON "researcher"("merged_into_id");

-- AddForeignKey
ALTER TABLE "grant_check" ADD CONSTRAINT "grant_check_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "researcher"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Written by hand.

-- What is due, oldest first: the sweep takes its next grant from the front of this index. Without a token there is
-- nothing to ask with.
CREATE INDEX "grant_due_idx" ON "grant" ("next_check_at", "id") WHERE "state" = 'live' AND "sealed_access_token" IS NOT NULL;

-- Nearly everybody is well; the list asks for the others.
CREATE INDEX "researcher_finding_idx" ON "researcher" ("finding", "id") WHERE "finding" <> 'good';
CREATE INDEX "researcher_unanswered_idx" ON "researcher" ("unanswered_since", "id") WHERE "unanswered_since" IS NOT NULL;

-- Whoever connects is looked for among those who were merged into somebody not yet seen.
CREATE INDEX "researcher_primary_orcid_idx" ON "researcher" ("primary_orcid") WHERE "primary_orcid" IS NOT NULL AND "merged_into_id" IS NULL;
ALTER TABLE "researcher" ADD CONSTRAINT "researcher_primary_orcid_form" CHECK ("primary_orcid" ~ '^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$');
