-- AlterTable
ALTER TABLE "authorization_attempt" ADD COLUMN     "staff_invitation_id" UUID;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "browser" TEXT,
ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
-- Unlogged, by hand: it is written at every button and worth nothing after a crash.
CREATE UNLOGGED TABLE "rate_limit" (
    "bucket" TEXT NOT NULL,
    "hits" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("bucket")
);

-- CreateTable
CREATE TABLE "staff_invitation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "secret_hash" TEXT NOT NULL,
    "role" "staff_role" NOT NULL,
    "made_by_id" UUID NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "used_by_id" UUID,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_invitation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "rate_limit_expires_at_idx" ON "rate_limit"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "staff_invitation_secret_hash_key" ON "staff_invitation"("secret_hash");

-- CreateIndex
CREATE INDEX "staff_invitation_made_by_id_idx" ON "staff_invitation"("made_by_id");

-- CreateIndex
CREATE INDEX "staff_invitation_used_by_id_idx" ON "staff_invitation"("used_by_id");

-- CreateIndex
CREATE INDEX "authorization_attempt_staff_invitation_id_idx" ON "authorization_attempt"("staff_invitation_id");

-- AddForeignKey
ALTER TABLE "authorization_attempt" ADD CONSTRAINT "authorization_attempt_staff_invitation_id_fkey" FOREIGN KEY ("staff_invitation_id") REFERENCES "staff_invitation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_invitation" ADD CONSTRAINT "staff_invitation_made_by_id_fkey" FOREIGN KEY ("made_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_invitation" ADD CONSTRAINT "staff_invitation_used_by_id_fkey" FOREIGN KEY ("used_by_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
