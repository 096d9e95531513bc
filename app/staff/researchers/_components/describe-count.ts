import { getFormatter, getTranslations } from 'next-intl/server'
import type { Count } from '@/lib/researchers/counts'

/** A count in words, alone and with what is counted. */
export async function describeCount({ count, exact }: Count) {
  const t = await getTranslations('staff.list')
  const number = (await getFormatter()).number(count)
  return exact
    ? { number, people: t('count', { count }) }
    : { number: t('more', { number }), people: t('morePeople', { number }) }
}
