/** How far a transfer is. */
export type { TransferProgress } from '@buildstate/transfer';
