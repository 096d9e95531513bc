-- CreateTable
CREATE TABLE "audit_seal" (
    "number" INTEGER NOT NULL,
    "first_event_id" BIGINT NOT NULL,
    "last_event_id" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "digests" BYTEA NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seal_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "export_part" (
    "id" BIGSERIAL NOT NULL,
    "export_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "researcher_ids" UUID[],

    CONSTRAINT "export_part_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_seal_hash_key" ON "audit_seal"("hash");

-- CreateIndex
CREATE INDEX "export_part_researcher_ids_idx" ON "export_part" USING GIN ("researcher_ids");

-- CreateIndex
CREATE INDEX "audit_event_actor_id_id_idx" ON "audit_event"("actor_id", "id");

-- What Prisma's schema language cannot say. Written by hand.

-- What vouches for the history is as final as the history.
CREATE TRIGGER "audit_seal_append_only" BEFORE UPDATE OR DELETE ON "audit_seal"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_seal_no_truncate" BEFORE TRUNCATE ON "audit_seal"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "export_part_append_only" BEFORE UPDATE OR DELETE ON "export_part"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "export_part_no_truncate" BEFORE TRUNCATE ON "export_part"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- A seal is about the events that it names, one digest each.
ALTER TABLE "audit_seal" ADD CONSTRAINT "audit_seal_whole"
  CHECK ("number" > 0 AND "count" > 0 AND "first_event_id" <= "last_event_id" AND octet_length("digests") = "count" * 40);
