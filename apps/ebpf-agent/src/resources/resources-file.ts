/** File of the resources: JSON, as configured. The supervisor finds by it what to put back. */
export const RESOURCES_FILE = 'resources.json';
