const words = ['unreachable', 'tls', 'login', 'timeout', 'cut', 'no_answer', 'restored', 'too_large', 'error'] as const

// Enhanced status codes, RFC 3463 and its registry, by what they say to the reader.
const statuses = [
  [/^5\.1\.[01236]$/, 'unknown_address'],
  [/^[45]\.2\.2$/, 'full'],
  [/^[45]\.2\.1$/, 'disabled'],
  [/^[45]\.[23]\.[34]$/, 'too_large'],
  [/^[45]\.7\./, 'policy'],
  [/^4/, 'for_now'],
] as const

export type ReasonName = (typeof words)[number] | (typeof statuses)[number][1] | 'refused'

/** The name of the sentence for a status of a server or a word of ours. */
export function reasonName(reason: string | null): ReasonName {
  const word = words.find((each) => each === reason)
  return word ?? statuses.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? (reason ? 'refused' : 'error')
}
