import { requireStaff } from '@/lib/auth/gates'
import { listAskableScopes } from '@/lib/campaigns/readiness'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { listEmptyDepartments } from '@/lib/researchers/departments'
import { changeSystem, makeSystem } from '@/lib/systems/commands'
import { saveSystemDraft } from '@/lib/systems/form-drafts'
import { findSystem } from '@/lib/systems/queries'
import { parseSystem, typedSystem } from '@/lib/systems/schema'

const pageOf = (id: string | undefined) => (id ? `/staff/systems/${encodeURIComponent(id)}/edit` : '/staff/systems/new')

/** Adds or changes a system, or leads back to the form with what is wrong and everything that was typed. */
export const POST = formRoute(
  'write',
  typedSystem,
  async ({ system: id, ...sent }, { requestId }) => {
    const actor = await requireStaff('manageSystems')
    const system = id ? await findSystem(actor, id) : null
    if (id && !system) return seeOther('/staff/systems?note=gone')
    const { operator, processorName, receiver } = system ?? {}
    const fixed = { operator: operator ?? '', processorName: processorName ?? '', ...(receiver ? { receiver } : {}) }
    const typed = system ? { ...sent, ...fixed } : sent
    const offered = {
      languages: env().institution.languages,
      scopes: [...new Set([...listAskableScopes(), ...(system?.scopes ?? [])])],
      hasProxies: env().trustedProxies > 0,
    }
    const parsed = parseSystem(typed, offered)
    const faults = 'faults' in parsed ? parsed.faults : []
    const { departments } = 'entry' in parsed ? parsed.entry : parsed
    const empty = await listEmptyDepartments(actor, departments)
    if ('entry' in parsed && parsed.entry.receiver === env().orcid.clientId) {
      faults.push({ field: 'receiver', code: 'not_a_client' })
    }
    if (empty.length > 0) faults.push({ field: 'departments', code: 'unknown_department', about: empty })
    if ('faults' in parsed || faults.length > 0) {
      const draft = await saveSystemDraft(actor, system?.id ?? null, { typed, faults })
      return seeOther(`${pageOf(system?.id)}?draft=${draft}#wrong`)
    }
    const { isSamePurpose, ...entry } = { ...parsed.entry, receiver: receiver ?? parsed.entry.receiver }
    if (!system) return seeOther(`/staff/systems/${await makeSystem(actor, entry, requestId)}?note=made`)
    const { operator: _operator, processorName: _processor, ...change } = entry
    await changeSystem(actor, system.id, { ...change, isSamePurpose }, requestId)
    return seeOther(`/staff/systems/${system.id}?note=saved`)
  },
  { pageOf: ({ system }) => pageOf(system) },
)
