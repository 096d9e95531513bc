import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Bar } from '@/app/staff/_components/charts/bar'
import { getShareWords } from '@/app/staff/_components/share-words'
import { FigureLink } from '@/app/staff/campaigns/_components/funnel-section'
import { type Funnel, funnelFigures, toAllowedShare } from '@/lib/campaigns/funnel'
import { type InvitedFilters, invitedHref } from '@/lib/campaigns/invited'

export type FunnelGroup = {
  key: string
  words: string
  funnel: Funnel
  filters: Partial<InvitedFilters>
}

type Props = {
  campaignId: string
  caption: string
  groups: readonly FunnelGroup[]
  /** The heads of the name, the share and the people, where they sort. */
  heads: { name: ReactNode; share: ReactNode; invited: ReactNode }
  /** The people are forgotten: no number leads to them. */
  isKept: boolean
}

const counted = funnelFigures.filter((figure) => figure !== 'invited')

/** Groups of those who are asked with how far they have come: a bar is the share that allowed everything. */
export async function GroupTable({ campaignId, caption, groups, heads, isKept }: Props) {
  const t = await getTranslations('staff.campaigns.funnel')
  return (
    <table className="figures with-bars unit-rows">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {heads.name}
          {heads.share}
          {heads.invited}
          {counted.map((figure) => (
            <th key={figure} scope="col">
              {t(`figures.${figure}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Row key={group.key} campaignId={campaignId} group={group} isKept={isKept} />
        ))}
      </tbody>
    </table>
  )
}

type RowProps = Pick<Props, 'campaignId' | 'isKept'> & { group: FunnelGroup }

async function Row({ campaignId, group: { words, funnel, filters }, isKept }: RowProps) {
  const format = await getFormatter()
  const say = await getShareWords()
  const share = toAllowedShare(funnel)
  return (
    <tr>
      <th scope="row">
        <bdi translate="no">{words}</bdi>
        <Bar parts={[{ value: share.connected, look: 'full' }]} most={share.people} />
      </th>
      <td className="font-semibold">{share.people > 0 ? say(share) : '–'}</td>
      {funnelFigures.map((figure) => (
        <td key={figure}>
          <FigureLink
            href={isKept ? null : invitedHref(campaignId, { ...filters, state: figure === 'invited' ? null : figure })}
            words={format.number(funnel[figure])}
          />
        </td>
      ))}
    </tr>
  )
}
