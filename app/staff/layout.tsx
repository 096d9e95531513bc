import type { ReactNode } from 'react'
import { Page } from '@/app/_components/page'
import { Held } from '@/app/staff/_components/held'
import { StaffNav } from '@/app/staff/_components/staff-nav'
import { orUnavailable, requireStaff } from '@/lib/auth/gates'
import { findOpenRestore } from '@/lib/installation/ledger'

/** Gates every staff page before any of it renders, besides the gate of each page; to others nothing is here. */
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const actor = await requireStaff()
  const held = await orUnavailable(findOpenRestore)
  return (
    <Page width="wide">
      <div className="grid items-start gap-x-10 gap-y-6 lg:grid-cols-[11rem_minmax(0,1fr)]">
        <StaffNav role={actor.role} />
        <div className="min-w-0 space-y-6">
          {held ? <Held /> : null}
          {children}
        </div>
      </div>
    </Page>
  )
}
