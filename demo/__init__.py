"""A region in a box: five agencies, their people, cameras and hot lists, and traffic that passes the cameras."""
