-- CreateEnum
CREATE TYPE "erasure_reason" AS ENUM ('own_request', 'asked', 'left', 'obligation', 'mistake');

-- AlterEnum
ALTER TYPE "revocation_reason" ADD VALUE 'erased';

-- DropForeignKey
-- Events are never changed, so they must be able to outlive the row that they are about.
ALTER TABLE "audit_event" DROP CONSTRAINT "audit_event_researcher_id_fkey";

-- CreateTable
CREATE TABLE "erasure" (
    "researcher_id" UUID NOT NULL,
    "reason" "erasure_reason" NOT NULL,
    "actor_kind" "actor_kind" NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("researcher_id")
);

-- CreateIndex
-- Deleting a row looks for those that point to it.
CREATE INDEX "grant_superseded_by_id_idx" ON "grant"("superseded_by_id");

-- CreateIndex
CREATE INDEX "session_attempt_id_idx" ON "session"("attempt_id");
