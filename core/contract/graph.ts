import { z } from 'zod';
import { execution, foldLoops } from './cursor.ts';
import { request } from './request.ts';

/** The nodes and edges of a run. They do not depend on the cursor. */
export interface GraphShape {
  /** `events` when the source has no definition of this version. */
  readonly from: 'definition' | 'events';
  readonly workflow: string;
  readonly version: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** How many nodes of the run these are. */
  readonly total: number;
  /** How many nodes are left out because there are too many. */
  readonly leftOut: number;
}

/** A node of the run, or, in a folded graph, all nodes that play the same part in the turns of an unrolled loop. */
interface GraphNode {
  readonly label: string;
  /** The ids of its nodes, in order; more than one are turns of a loop. */
  readonly members: readonly string[];
  /** Such as `tool` or `human_approval`; null when it is not known. */
  readonly kind: string | null;
  readonly description: string | null;
  /** Whether the definition has it; others are named by events only. */
  readonly declared: boolean;
}

interface GraphEdge {
  /** Indices of nodes. */
  readonly from: number;
  readonly to: number;
  readonly condition: string | null;
}

/** The places of the nodes and edges of a shape, by their indices. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Every node has the same size. */
  readonly node: { readonly width: number; readonly height: number };
  /** The top left corners. */
  readonly nodes: readonly GraphPoint[];
  readonly edges: readonly {
    /** Its corners, from its source to its target. */
    readonly points: readonly GraphPoint[];
    /** The place of its condition; null when it has none, or when there are too many nodes to show conditions. */
    readonly label: (GraphPoint & { readonly width: number; readonly height: number }) | null;
  }[];
  /** The nodes in the order in which they are read. */
  readonly order: readonly number[];
}

export interface GraphPoint {
  readonly x: number;
  readonly y: number;
}

const graph = z.strictObject({ ...execution.shape, foldLoops });

export const graphRequests = {
  /** Waits for the whole log. */
  'graph.shape': request(graph)<GraphShape>(),
  'graph.layout': request(graph)<GraphLayout>(),
} as const;
