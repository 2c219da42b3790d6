"""GH Archive: public events of GitHub by the hour, as files here, read by all cores. `reading` has the verb."""
