-- AlterEnum
ALTER TYPE "attempt_outcome" ADD VALUE 'code_expired' AFTER 'expired';
