package io.konnectproxy.server.dataplane;

/** Numbers of data planes: of clients and control planes, where cp and tp together are one. */
public record DataPlaneFigures(int connected, int lost, int flapping, int refused) {}
