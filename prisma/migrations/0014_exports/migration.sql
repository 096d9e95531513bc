-- CreateEnum
CREATE TYPE "export_state" AS ENUM ('running', 'done', 'cancelled', 'failed');

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

-- CreateIndex
CREATE INDEX "export_run_started_at_idx" ON "export_run"("started_at");

-- CreateIndex
CREATE INDEX "export_run_started_by_id_idx" ON "export_run"("started_by_id");

-- AddForeignKey
ALTER TABLE "export_run" ADD CONSTRAINT "export_run_started_by_id_fkey" FOREIGN KEY ("started_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "export_part" ADD COLUMN "orcids" int8range;

-- CreateIndex
CREATE INDEX "export_part_orcids_idx" ON "export_part" USING GIST ("orcids");

-- What Prisma's schema language cannot say. Written by hand.

-- An index entry for each person in each file took longer than reading the people. Parts in the order of iDs are found
-- by the iD that is looked for; those in no order stay with the index by person.
DROP INDEX "export_part_researcher_ids_idx";
CREATE INDEX "export_part_unordered_idx" ON "export_part" USING GIN ("researcher_ids") WHERE "orcids" IS NULL;
-- Random numbers do not compress.
ALTER TABLE "export_part" ALTER COLUMN "researcher_ids" SET STORAGE EXTERNAL;
