-- AlterEnum
ALTER TYPE "finding" ADD VALUE 'being_checked';

-- AlterEnum
ALTER TYPE "revocation_reason" ADD VALUE 'ended_at_orcid' BEFORE 'erased';

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

-- AddForeignKey
ALTER TABLE "suspicion" ADD CONSTRAINT "suspicion_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "grant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say. Written by hand.

-- Grants that ORCID ended and whose tokens are kept: asked about once a day.
CREATE INDEX "grant_kept_idx" ON "grant" ("next_check_at", "id")
  WHERE "state" IN ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated') AND "sealed_access_token" IS NOT NULL;

-- The ledger has to know each change of a grant's state: one that ORCID ended may revive, or be withdrawn here later.
DROP TRIGGER "grant_ended_ledger" ON "grant";
CREATE TRIGGER "grant_ended_ledger" AFTER UPDATE OF "state" ON "grant"
  FOR EACH ROW WHEN (OLD."state" <> NEW."state") EXECUTE FUNCTION "note_for_ledger"();
