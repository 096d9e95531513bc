import { describeDatabaseFault } from '@/lib/database/fault'

/** Prints why a command failed, in one sentence, and makes its process end with `exitCode`. */
export function fail(error: unknown, exitCode = 1): void {
  console.error(sentenceOf(error))
  process.exitCode = exitCode
}

export function sentenceOf(error: unknown): string {
  const { kind, sentence } = describeDatabaseFault(error)
  const isOfDatabase = kind !== 'other' && (!(error instanceof Error) || error.message === '' || 'code' in error)
  return error instanceof Error && !isOfDatabase ? error.message : sentence
}
