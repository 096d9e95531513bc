const tones = {
  saved: 'good',
  opened: 'good',
  confirmed: 'good',
  informed: 'good',
  informed_empty: 'warn',
  changed: 'warn',
  not_ready: 'warn',
  nobody: 'warn',
  wrong_number: 'warn',
  no_test_mail: 'warn',
  not_approved: 'warn',
} as const
type Name = keyof typeof tones

/** What a form of a campaign led to, as the address says it. */
export function noteOf(said: string | null): { name: Name; tone: 'good' | 'warn' } | null {
  const name = (Object.keys(tones) as Name[]).find((one) => one === said)
  return name ? { name, tone: tones[name] } : null
}
