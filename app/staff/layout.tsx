import type { ReactNode } from 'react'
import { Page } from '@/app/_components/page'
import { RestoreBanner } from '@/app/staff/_components/restore-banner'
import { StaffNav } from '@/app/staff/_components/staff-nav'
import { orUnavailable, requireStaff } from '@/lib/auth/gates'
import { findOpenRestore } from '@/lib/installation/restore-detection'

/** Gates every staff page before any of it renders, besides the gate of each page; to others nothing is here. */
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const actor = await requireStaff('seePeople')
  const held = await orUnavailable(findOpenRestore)
  return (
    <Page width="wide" beside={<StaffNav rights={actor} />}>
      <div className="space-y-6">
        {held ? <RestoreBanner /> : null}
        {children}
      </div>
    </Page>
  )
}
