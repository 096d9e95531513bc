import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'

const results = [
  'sent',
  'not_configured',
  'stopped',
  'line_break',
  'too_long',
  'non_ascii',
  'malformed',
  'elsewhere',
  'not_allowed',
] as const

/** What became of a test mail, as the address of the page says it. */
export async function TestResult({ result: said }: { result: string | null }) {
  const t = await getTranslations('staff.mailTexts.test')
  const result = results.find((one) => one === said)
  return result ? <Notice tone={result === 'sent' ? 'good' : 'warn'}>{t(`results.${result}`)}</Notice> : null
}
