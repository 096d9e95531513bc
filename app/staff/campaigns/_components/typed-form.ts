import type { Campaign } from '@/lib/campaigns/queries'
import { reasonField, scopeField, stepField, type TypedCampaign, whyField } from '@/lib/campaigns/schema'

/** A campaign as its form has it. */
export function toTypedCampaign(campaign: Campaign): TypedCampaign {
  const { name, purpose, audience, scopes, startsOn, endsOn, newcomersAfterDays, newcomersPerDay, mailMerge } = campaign
  const typed: TypedCampaign = {
    name,
    purpose,
    who: audience === null ? 'anybody' : 'people',
    filters: audience ?? '',
    startsOn: startsOn ?? '',
    endsOn: endsOn ?? '',
    newcomers: newcomersAfterDays === null ? '' : 'yes',
    newcomersAfterDays: String(newcomersAfterDays ?? 7),
    newcomersPerDay: String(newcomersPerDay ?? 50),
    mailMerge: mailMerge ? 'yes' : '',
  }
  for (const scope of scopes) typed[scopeField(scope)] = 'yes'
  for (const { locale, why, reasons } of campaign.texts) {
    typed[whyField(locale)] = why
    for (const [scope, reason] of Object.entries(reasons)) typed[reasonField(locale, scope)] = reason
  }
  for (const { place, template, afterDays, audience, times } of campaign.steps) {
    typed[stepField(place, 'template')] = template
    typed[stepField(place, 'afterDays')] = String(afterDays)
    typed[stepField(place, 'audience')] = audience
    typed[stepField(place, 'times')] = String(times)
  }
  return typed
}
