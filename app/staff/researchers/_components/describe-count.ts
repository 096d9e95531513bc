import { getFormatter, getTranslations } from 'next-intl/server'

/** A count in words, alone and with what is counted: exact ones to the last, estimates as roughly as they are known. */
export async function describeCount({ count, exact }: { count: number; exact: boolean }) {
  const t = await getTranslations('staff.list')
  const format = await getFormatter()
  if (exact) return { number: format.number(count), people: t('count', { count }) }
  // Some languages join a million to what it counts by another word than a thousand.
  const millions = count >= 1_000_000
  const number = millions
    ? format.number(count, {
        notation: 'compact',
        compactDisplay: 'long',
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      })
    : format.number(count, { maximumSignificantDigits: 2 })
  return {
    number: t('about', { number }),
    people: millions ? t('aboutMillions', { number }) : t('aboutPeople', { number }),
  }
}
