/** A set of strings that forgets its oldest members when it is full. */
export class BoundedSet {
  readonly #limit: number
  readonly #members: Set<string>

  constructor(limit: number, members: Iterable<string> = []) {
    this.#limit = limit
    this.#members = new Set(members)
  }

  has(member: string): boolean {
    return this.#members.has(member)
  }

  delete(member: string): void {
    this.#members.delete(member)
  }

  add(member: string): void {
    this.#members.add(member)
    if (this.#members.size <= this.#limit) return
    for (const oldest of this.#members) {
      this.#members.delete(oldest)
      return
    }
  }
}
