/** placeholder until the real one lands */
export class SpoolDrainer {
  constructor(_: { directory: string; deliver: (body: string) => Promise<'applied' | 'refused' | 'unavailable'>; log: unknown }) {}
  async drain(): Promise<void> {}
  watch(): void {}
  stop(): void {}
}
