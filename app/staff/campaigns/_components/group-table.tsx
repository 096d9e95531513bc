import { getFormatter } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Bar } from '@/app/staff/_components/charts/bar'
import { getShareWords } from '@/app/staff/_components/share-words'
import { FigureLink } from '@/app/staff/campaigns/_components/funnel-section'
import { getInvitedWords, listInvitedStates } from '@/app/staff/campaigns/_components/invited-words'
import { type Funnel, toAllowedShare } from '@/lib/campaigns/funnel'
import { type InvitedFilters, invitedHref } from '@/lib/campaigns/invited'
import type { Campaign } from '@/lib/campaigns/queries'

export type FunnelGroup = {
  key: string
  words: string
  funnel: Funnel
  filters: Partial<InvitedFilters>
}

type Props = {
  campaign: Campaign
  caption: string
  groups: readonly FunnelGroup[]
  /** The heads of the name, the share and the people, where they sort. */
  heads: { name: ReactNode; share: ReactNode; invited: ReactNode }
  /** The people are forgotten: no number leads to them. */
  isKept: boolean
}

/** Groups of those who are asked with how far they have come: a bar is the share that allowed everything. */
export async function GroupTable({ campaign, caption, groups, heads, isKept }: Props) {
  const toWords = await getInvitedWords(campaign)
  return (
    <table className="figures with-bars unit-rows">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {heads.name}
          {heads.share}
          {heads.invited}
          {listInvitedStates(campaign).map((figure) => (
            <th key={figure} scope="col">
              {toWords(figure)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <Row key={group.key} campaign={campaign} group={group} isKept={isKept} />
        ))}
      </tbody>
    </table>
  )
}

type RowProps = Pick<Props, 'campaign' | 'isKept'> & { group: FunnelGroup }

async function Row({ campaign, group: { words, funnel, filters }, isKept }: RowProps) {
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
      {(['invited', ...listInvitedStates(campaign)] as const).map((figure) => (
        <td key={figure}>
          <FigureLink
            href={isKept ? null : invitedHref(campaign.id, { ...filters, state: figure === 'invited' ? null : figure })}
            words={format.number(funnel[figure])}
          />
        </td>
      ))}
    </tr>
  )
}
