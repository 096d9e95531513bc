/** What a staff page of this build costs that holds a sentence alone. */
export default function BarePage() {
  return <p>A bare page.</p>
}
