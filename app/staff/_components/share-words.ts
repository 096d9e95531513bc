import { getFormatter } from 'next-intl/server'
import { type Share, toShare } from '@/lib/people/units'

/** Says a share in whole percents. */
export async function getShareWords(): Promise<(share: Share) => string> {
  const format = await getFormatter()
  return (share) => format.number(toShare(share), { style: 'percent', maximumFractionDigits: 0 })
}
