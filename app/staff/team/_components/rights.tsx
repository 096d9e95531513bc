import { getTranslations } from 'next-intl/server'
import type { Role } from '@/lib/actor'

/** What somebody's role does not say: the departments that they see, and whether they may export. */
export async function Rights({
  role,
  departments,
  mayExport,
}: {
  role: Role
  departments: readonly string[]
  mayExport: boolean
}) {
  const t = await getTranslations('staff.team.rights')
  if (role === 'admin') return null
  return (
    <span className="note block [overflow-wrap:anywhere]">
      {departments.length > 0
        ? t.rich('only', {
            departments: () => (
              <bdi key="departments" translate="no">
                {departments.join(', ')}
              </bdi>
            ),
          })
        : t('everybody')}
      {' · '}
      {t(mayExport ? 'exports' : 'noExports')}
    </span>
  )
}
