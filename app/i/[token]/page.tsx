import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AskedLink } from '@/app/i/_components/asked-link'
import { CheckUpLink } from '@/app/i/_components/check-up-link'
import { LinkOver } from '@/app/i/_components/link-over'
import { NothingNeeded } from '@/app/i/_components/nothing-needed'
import { UnknownLink } from '@/app/i/_components/unknown-link'
import { availablePage, findViewer } from '@/lib/auth/gates'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { isStanding } from '@/lib/campaigns/campaign'
import { isConnectedPerson, readLink, toAsked } from '@/lib/campaigns/links'
import { decodeSegment } from '@/lib/http/own-path'
import { getLanguage } from '@/lib/i18n/request'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('invitation'))('title'), robots: { index: false, follow: false } }
}

type Props = { params: Promise<{ token: string }> }

/** Where a personal link leads. It changes nothing: mail programs open links too. */
export default availablePage(async function InvitationPage({ params }: Props) {
  const token = decodeSegment((await params).token)
  const read = await readLink(token)
  if (read.kind === 'unknown') return <UnknownLink />
  const { kind, link } = read
  if (kind === 'revoked' || kind === 'closed')
    return <LinkOver kind={kind} token={token} isStanding={isStanding(link)} />
  const campaign = link.campaignId ? await findAskingCampaign({ id: link.campaignId }, await getLanguage()) : null
  if (link.kind === 'check_up' && kind === 'usable') return <CheckUpLink token={token} link={link} />
  const scopes = toAsked(link, campaign, await listAskable())
  const isDone = link.kind === 'expiring' ? !link.endsSoon : scopes.missing.length === 0
  if (isConnectedPerson(link) && kind !== 'used' && isDone) return <NothingNeeded />
  if (kind !== 'usable') return <LinkOver kind={kind} token={token} isStanding={isStanding(link)} />
  return <AskedLink token={token} link={link} scopes={scopes} campaign={campaign} viewer={await findViewer()} />
})
