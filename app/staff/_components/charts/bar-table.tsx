import type { ReactNode } from 'react'
import { Bar, type Part } from '@/app/staff/_components/charts/bar'
import { TableHead } from '@/app/staff/_components/table-head'

type TableProps = { caption: string; heads: string[]; children: ReactNode }

/** A chart that is its own table: each row a name, its numbers, and below them a bar. */
export function BarTable({ caption, heads, children }: TableProps) {
  return (
    <table className={`figures with-bars ${heads.length > 3 ? 'with-many' : ''}`}>
      <TableHead caption={caption} heads={heads} />
      {children}
    </table>
  )
}

type RowProps = { name: ReactNode; parts: Part[]; most: number; children: ReactNode }

/** One row of it, with its numbers as cells. */
export function BarRow({ name, parts, most, children }: RowProps) {
  return (
    <tr>
      <th scope="row">
        {name}
        <Bar parts={parts} most={most} />
      </th>
      {children}
    </tr>
  )
}
