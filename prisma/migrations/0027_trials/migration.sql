-- CreateEnum
CREATE TYPE "trial_step_kind" AS ENUM ('callback', 'exchange', 'repeat', 'check', 'read', 'section', 'add', 'delete', 'revoke');

-- AlterEnum
ALTER TYPE "attempt_outcome" ADD VALUE 'tried';

-- AlterEnum
ALTER TYPE "attempt_purpose" ADD VALUE 'trial';

-- AlterEnum
ALTER TYPE "call_purpose" ADD VALUE 'trial';

-- AlterEnum
ALTER TYPE "revocation_reason" ADD VALUE 'trial';

-- CreateTable
CREATE TABLE "trial" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "staff_id" UUID NOT NULL,
    "attempt_id" UUID,
    "client_id" TEXT NOT NULL,
    "sealed_url" TEXT,
    "sealed_code" TEXT,
    "sealed_access_token" TEXT,
    "orcid" TEXT,
    "scopes" TEXT[],
    "put_code" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "trial_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trial_step" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "trial_id" UUID NOT NULL,
    "kind" "trial_step_kind" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealed_content" TEXT NOT NULL,

    CONSTRAINT "trial_step_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "trial_attempt_id_key" ON "trial"("attempt_id");

-- CreateIndex
CREATE INDEX "trial_staff_id_started_at_idx" ON "trial"("staff_id", "started_at");

-- CreateIndex
CREATE INDEX "trial_expires_at_idx" ON "trial"("expires_at");

-- CreateIndex
CREATE INDEX "trial_step_trial_id_at_idx" ON "trial_step"("trial_id", "at");

-- AddForeignKey
ALTER TABLE "trial" ADD CONSTRAINT "trial_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff_member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial" ADD CONSTRAINT "trial_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "authorization_attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trial_step" ADD CONSTRAINT "trial_step_trial_id_fkey" FOREIGN KEY ("trial_id") REFERENCES "trial"("id") ON DELETE CASCADE ON UPDATE CASCADE;
