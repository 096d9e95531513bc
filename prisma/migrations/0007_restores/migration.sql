-- CreateEnum
CREATE TYPE "restore_evidence" AS ENUM ('command', 'ledger_ahead', 'ledger_missing', 'moved');

-- CreateEnum
CREATE TYPE "ledger_kind" AS ENUM ('granted', 'ended', 'erased');

-- AlterEnum
ALTER TYPE "erasure_reason" ADD VALUE 'repeated';

-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "ledger_mark" UUID,
ADD COLUMN     "ledger_next_mark" UUID,
ADD COLUMN     "place" TEXT;

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
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "kind" "ledger_kind" NOT NULL,
    "subject" UUID NOT NULL,
    "state" "grant_state",
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "restore_released_at_idx" ON "restore"("released_at");

-- What the ledger is told is written by triggers, so that no command can forget it. They act as the owner of the schema:
-- a portal of before this migration, which has no right to the new table, goes on saving permissions.
CREATE FUNCTION "note_for_ledger"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'erasure' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "at") VALUES ('erased', NEW."researcher_id", NEW."erased_at");
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO "ledger_entry" ("kind", "subject", "at") VALUES ('granted', NEW."id", NEW."granted_at");
  ELSE
    INSERT INTO "ledger_entry" ("kind", "subject", "state", "at")
    VALUES ('ended', NEW."id", NEW."state", coalesce(NEW."ended_at", now()));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "erasure_ledger" AFTER INSERT ON "erasure"
  FOR EACH ROW EXECUTE FUNCTION "note_for_ledger"();

CREATE TRIGGER "grant_given_ledger" AFTER INSERT ON "grant"
  FOR EACH ROW WHEN (NEW."state" = 'live') EXECUTE FUNCTION "note_for_ledger"();

CREATE TRIGGER "grant_ended_ledger" AFTER UPDATE OF "state" ON "grant"
  FOR EACH ROW WHEN (OLD."state" = 'live' AND NEW."state" <> 'live') EXECUTE FUNCTION "note_for_ledger"();
